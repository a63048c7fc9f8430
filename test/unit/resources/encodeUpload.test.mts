import fc from 'fast-check';

import { encodeUpload } from '../../../nodes/Invent/resources/file/encodeUpload.ts';

test('The content of a file stands in base64 where the first empty text of the body was', () => {
	const members = fc.record({ name: fc.string(), type: fc.string() });
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), members, fc.string(), (bytes, described, other) => {
			const content = Buffer.from(bytes);
			const data = content.toString('base64');
			const object = encodeUpload({ file: { data: '', ...described }, other }, content);
			expect(JSON.parse(object.toString())).toEqual({ file: { data, ...described }, other });
			const text = encodeUpload({ file: '', other }, content);
			expect(text.toString()).toBe(JSON.stringify({ file: data, other }));
		}),
	);
});
