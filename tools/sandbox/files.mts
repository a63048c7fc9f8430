import { createHash } from 'node:crypto';

import type { FileUpload } from '../../contract/invent.d.ts';
import { forbidden, ok, refusal } from './answers.mts';
import type { Answer } from './answers.mts';
import { inOrganization, timestamp } from './context.mts';
import type { Context } from './context.mts';
import type { Input } from './contract.mts';
import type { FileRecord } from './data.mts';
import { newId } from './ids.mts';
import { pageOf } from './paging.mts';

/** Where files are served; no page tells where Invent has them. */
export const STORAGE = '/storage';

const LONGEST_NAME = 255; // docs: api-reference/list-files

/** What the address of a private file has to hold. That it ends at some time is documented; here it does not. */
function signature({ file: { id, file_path } }: FileRecord): string {
	return createHash('sha256').update(`${id} ${file_path}`).digest('hex');
}

/** The address of a file at a sandbox of this address; the id is a segment of it. */
export function fileUrl(sandboxUrl: string, record: FileRecord): string {
	const { id, file_filename: name } = record.file;
	const query = record.visibility === 'PRIVATE' ? `?token=${signature(record)}` : '';
	return `${sandboxUrl}${STORAGE}/${id}/${encodeURIComponent(name)}${query}`;
}

/** Whether somebody with this token may have the file. */
export function isReadable(record: FileRecord, token: string | null): boolean {
	return record.visibility === 'PUBLIC' || token === signature(record);
}

/** A record for a new file. `at` is an ISO date and time, `content` base64. */
export function fileRecord(
	orgId: string,
	{ id = newId('fil'), name, type, content }: { id?: string; name: string; type: string; content: string },
	at: string,
	visibility: FileRecord['visibility'] = 'PUBLIC',
): FileRecord {
	return {
		org_id: orgId,
		visibility,
		file: {
			id,
			file_path: `${orgId}/${id}/${name}`,
			file_filename: name,
			file_size: Buffer.byteLength(content, 'base64'),
			file_mimetype: type,
			created_at: at,
		},
		content,
	};
}

function fileText({ url }: Context, record: FileRecord): string {
	const { created_at, ...file } = record.file;
	return JSON.stringify({ ...file, file_url: fileUrl(url, record), created_at });
}

function listFiles(context: Context, { path, query }: Input<'listFiles'>): Answer {
	return inOrganization(context, path.org_id, ({ id }) =>
		pageOf(
			context.store.files(id),
			(record) => fileText(context, record),
			query,
			context.settings.countHeader,
		),
	);
}

interface Source {
	name: string;
	type: string;
	content: string;
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** Stands for what is elsewhere, because nothing leaves this machine: a picture that has just one point. */
const PLACEHOLDER = 'R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

/** What is at an address: a file of this sandbox, or a placeholder with the last part of the address as its name. */
function fetched({ store, url }: Context, address: string): Source | undefined {
	if (!URL.canParse(address)) return undefined;
	const own = store.allFiles().find((record) => fileUrl(url, record) === address);
	if (own !== undefined) {
		const { file_filename: name, file_mimetype: type } = own.file;
		return { name, type, content: own.content };
	}
	const name = decodeURIComponent(new URL(address).pathname.split('/').at(-1) ?? '');
	return { name: name === '' ? 'file' : name, type: 'image/gif', content: PLACEHOLDER };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What was sent, or why it is refused. A text alone has no name and no type (a choice). */
function sourceOf(context: Context, { file, file_url: address }: FileUpload): Source | { violation: string } {
	if ((file === undefined) === (address === undefined)) {
		return { violation: 'body must have one of file and file_url' };
	}
	if (file === undefined) {
		return fetched(context, address ?? '') ?? { violation: 'file_url must be an address' };
	}
	const { fileForms } = context.settings;
	const form = typeof file === 'string' ? 'base64' : 'object';
	if (fileForms !== 'both' && fileForms !== form) return { violation: `file must be ${fileForms}` };
	const { data, name = 'file', type = UNKNOWN_TYPE } = typeof file === 'string' ? { data: file } : file;
	if (data.length % 4 !== 0 || !BASE64.test(data)) return { violation: 'file must be base64' };
	if (name.length > LONGEST_NAME) return { violation: `name must have at most ${LONGEST_NAME} characters` };
	return { name, type, content: data };
}

/** Whether a media type is one of `patterns`, such as `image/*`. */
function isAllowed(type: string, patterns: readonly string[]): boolean {
	return patterns.some((pattern) =>
		pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern,
	);
}

function uploadFile(context: Context, { path, body = {} }: Input<'uploadFile'>): Answer {
	const { settings, store } = context;
	const source = sourceOf(context, body);
	if ('violation' in source) return forbidden(source.violation);
	const { allowed_types: allowed, visibility } = body;
	return inOrganization(context, path.org_id, ({ id }) => {
		const record = fileRecord(id, source, timestamp(context), visibility);
		if (record.file.file_size > settings.maxFileBytes) {
			return refusal(413, `A file may have ${settings.maxFileBytes} bytes at most`);
		}
		if (allowed !== undefined && !isAllowed(source.type, allowed)) {
			return refusal(400, `${source.type} is none of the allowed types`);
		}
		store.addFile(record);
		return ok(fileText(context, record));
	});
}

/** The operations on files by name. */
export const FILE_OPERATIONS = { listFiles, uploadFile };
