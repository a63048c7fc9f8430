import { stripVTControlCharacters } from 'node:util';
import { invitation, report } from '../report.mts';
import { withSandbox } from '../../sandbox/test/client.mts';

const VERDICT = { workflow: 'Inventory', run: 'after a day of changes', requests: 1, problems: [] };
const LONG = 'nothing changed, reported: new: Spring Sale, gone: Onboarding Guide, changed: Customer Support';

function linesOf(text: string): string[] {
	return stripVTControlCharacters(text).split('\n');
}

test('the report of a demo fits 100 columns and loses no word', () => {
	const lines = linesOf(report([{ ...VERDICT, effect: LONG }], 'n8n.log'));
	expect(lines.filter((line) => line.length > 100)).toEqual([]);
	expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(LONG);
});

test('the report of a demo names a workflow once and tells what failed', () => {
	const bad = { ...VERDICT, run: 'at night', effect: '', problems: ['nothing was sent'] };
	const lines = linesOf(report([{ ...VERDICT, effect: '' }, bad], 'n8n.log'));
	expect(lines.filter((line) => line === 'Inventory')).toHaveLength(1);
	expect(lines).toContain('Inventory, at night: nothing was sent');
	expect(lines.at(-1)).toBe("1 of 1 workflows failed. n8n's log: n8n.log");
});

test("the demo's last lines tell where to begin, and the address and key of the sandbox", async () => {
	await withSandbox({}, async (sandbox) => {
		const signIn = { email: 'owner@example.com', password: 'made-up' };
		const text = invitation('http://127.0.0.1:5678', signIn, sandbox);
		expect(text).toContain('http://127.0.0.1:5678/home/workflows');
		expect(text).toContain('press Execute workflow');
		expect(text).toContain(sandbox.url);
		expect(text).toContain(sandbox.apiKey);
		expect(linesOf(text).filter((line) => line.length > 100)).toEqual([]);
	});
});
