/** How many bytes are encoded at a time: a multiple of 3, because base64 makes 4 letters of 3 bytes. */
const STEP = 3 * 2 ** 14;

/**
 * The JSON of a request's body with a file in base64 in place of its first empty text, as bytes: as text, a large file
 * would be in memory several times.
 */
export function encodeUpload(body: object, content: Buffer): Buffer {
	const json = JSON.stringify(body);
	const at = json.indexOf('""') + 1;
	const start = Buffer.from(json.slice(0, at));
	const end = Buffer.from(json.slice(at));
	const bytes = Buffer.alloc(start.length + Math.ceil(content.length / 3) * 4 + end.length);
	let length = start.copy(bytes);
	for (let read = 0; read < content.length; read += STEP) {
		length += bytes.write(content.toString('base64', read, read + STEP), length, 'latin1');
	}
	end.copy(bytes, length);
	return bytes;
}
