/** What the benchmark and its child processes say to each other. */
import { z } from 'zod';

/** Where a contender sends its requests. */
export const Api = z.object({ url: z.string(), apiKey: z.string() });
export type Api = z.infer<typeof Api>;

export const CONTENDERS = ['invent', 'inventRaw', 'httpRequest', 'httpRequestBatched', 'floor'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** One measured run of one contender. */
export const Task = z.object({
	contender: z.enum(CONTENDERS),
	api: Api,
	/** Whether only what is in use counts as memory: garbage is collected all the time, and `ms` means nothing. */
	live: z.boolean().optional(),
	act: z.discriminatedUnion('kind', [
		/** `pages` is for the floor only, which does not find out by itself how long the list is. */
		z.object({ kind: z.literal('list'), pages: z.number() }),
		z.object({ kind: z.literal('get'), ids: z.array(z.string()) }),
		z.object({ kind: z.literal('create'), names: z.array(z.string()) }),
	]),
});
export type Task = z.infer<typeof Task>;

/** Bytes. */
export const Memory = z.object({ rss: z.number(), heap: z.number() });
export type Memory = z.infer<typeof Memory>;

/** What a run took. */
export const Taken = z.object({
	ms: z.number(),
	cpuMs: z.number(),
	/** Items that came out as wanted. */
	done: z.number(),
	/** Items that came out as errors. */
	failed: z.number(),
	/** Of the ids that came out, in their order. */
	digest: z.string(),
	/** Before the run, with everything loaded and the garbage collected. */
	before: Memory,
	/** The most that was seen; of the heap while the run went on, of RSS since the process began. */
	peak: Memory,
	/** After the run, garbage collected, while n8n still holds its result. */
	after: Memory,
});
export type Taken = z.infer<typeof Taken>;

/** What a sandbox is asked: to start over with other options, or what it has seen. */
export const Question = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('open'),
		options: z.object({
			basePath: z.string(),
			assistants: z.number(),
			latencyMs: z.number(),
			requestsPerMinute: z.number(),
			creationsPerHour: z.number(),
		}),
	}),
	z.object({ kind: z.literal('report') }),
]);
export type Question = z.infer<typeof Question>;

export const Opened = Api.extend({
	/** The assistants' ids in the order of the list, and their digest. */
	ids: z.array(z.string()),
	digest: z.string(),
});
export type Opened = z.infer<typeof Opened>;

export const Report = z.object({
	requests: z.number(),
	posts: z.number(),
	/** Answered with 429. */
	tooMany: z.number(),
	/** Answered with 200. */
	fine: z.number(),
	peakInFlight: z.number(),
});
export type Report = z.infer<typeof Report>;
