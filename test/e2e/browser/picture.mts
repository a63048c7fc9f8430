import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, type Locator, type Page } from '@playwright/test';

import { PROJECT } from '../../../tools/n8n/paths.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';

const DOCS = join(PROJECT, 'docs');
const SCHEMES = { light: '', dark: '-dark' } as const;
/** What comes and goes, or belongs to n8n alone. */
const HIDDEN = `
	.el-notification, .el-popper, [data-reka-popper-content-wrapper]:has([role=tooltip]), [data-test-id=node-feature-request],
	[data-test-id=canvas-controls], [data-test-id^=execute-workflow-button] { visibility: hidden !important }
	* { scrollbar-width: none !important }`;

/** A part of the page. */
export interface Area {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** Takes pictures for docs/: `name.png` in light and `name-dark.png` in dark. They are kept only with UPDATE_PICTURES=1. */
export class Camera {
	readonly #page: Page;
	readonly #sandbox: Sandbox;

	constructor(page: Page, sandbox: Sandbox) {
		this.#page = page;
		this.#sandbox = sandbox;
	}

	/** Takes a picture of a part of the page, on which no key may be. */
	async take(name: string, area: Area): Promise<void> {
		await this.#page.mouse.move(0, 0);
		expect(await this.#keysInSight()).toBe(0);
		for (const [colorScheme, ending] of Object.entries(SCHEMES)) {
			await this.#page.emulateMedia({ colorScheme: colorScheme === 'dark' ? 'dark' : 'light' });
			const png = await this.#page.screenshot({ clip: area, animations: 'disabled', style: HIDDEN });
			if (process.env['UPDATE_PICTURES'] === '1') await writeFile(join(DOCS, `${name}${ending}.png`), png);
		}
		await this.#page.emulateMedia({ colorScheme: null });
	}

	/** How many of the sandbox's keys the page shows; a field for passwords shows none. */
	async #keysInSight(): Promise<number> {
		const shown = await this.#page.evaluate(() => [
			document.body.innerText,
			...[...document.querySelectorAll('input, textarea')].flatMap((field) =>
				'value' in field && field.getAttribute('type') !== 'password' ? [String(field.value)] : [],
			),
		]);
		const { store, apiKey } = this.#sandbox;
		const secrets = store
			.organizations()
			.flatMap(({ id }) => store.assistants(id))
			.flatMap(({ secret_key }) => secret_key ?? []);
		return [apiKey, ...secrets].filter((key) => shown.some((text) => text.includes(key))).length;
	}
}

/** Where elements are, all of them together. */
export async function around(...elements: Locator[]): Promise<Area> {
	const boxes = await Promise.all(elements.map(async (element) => await element.boundingBox()));
	const found = boxes.filter((box) => box !== null);
	if (found.length < elements.length) throw new Error('Something is not in sight');
	const x = Math.min(...found.map((box) => box.x));
	const y = Math.min(...found.map((box) => box.y));
	return {
		x,
		y,
		width: Math.max(...found.map((box) => box.x + box.width)) - x,
		height: Math.max(...found.map((box) => box.y + box.height)) - y,
	};
}
