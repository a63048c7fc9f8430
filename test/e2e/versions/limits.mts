import type { Finding } from './operations.mts';

/** What an n8n cannot do, for a reason of its own. */
interface Limit {
	/** How the version numbers begin that it is about. */
	readonly versions: readonly string[];
	readonly what: readonly string[];
	/** What n8n says then: any other failure is none that is known. */
	readonly message: string;
	readonly reason: string;
}

const LIMITS: readonly Limit[] = [
	{
		versions: ['1.123.', '2.0.'],
		what: ['Example: New customers get their assistant', 'Example: Nightly inventory of assistants'],
		message: 'Could not get parameter',
		reason:
			'This n8n’s own Data Table node reads and writes rows, but has no operation that makes the table, with which the example begins.',
	},
];

/** Why this n8n cannot do it, if it cannot and the reason is known. */
export function knownReason(number: string, { what, problem }: Finding): string | undefined {
	const limit = limitFor(number, what);
	return limit !== undefined && problem?.includes(limit.message) === true ? limit.reason : undefined;
}

/** What is not as it is known to be: failures without a known reason, and limits that are none any more. */
export function surprises(number: string, findings: readonly Finding[]): string[] {
	return findings.flatMap((finding) => {
		const { what, problem } = finding;
		if (problem !== undefined) {
			return knownReason(number, finding) === undefined ? [`n8n ${number}, ${what}: ${problem}`] : [];
		}
		const isStale = limitFor(number, what) !== undefined;
		return isStale ? [`n8n ${number}, ${what}: works now, and is still listed as a limit`] : [];
	});
}

function limitFor(number: string, what: string): Limit | undefined {
	return LIMITS.find(
		(limit) => limit.what.includes(what) && limit.versions.some((version) => number.startsWith(version)),
	);
}
