import { expect, type Locator, type Page } from '@playwright/test';
import { z } from 'zod';

import { hasEnded, type Client } from '../../../tools/n8n/client.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { Locator as ResourceLocator } from './resourceLocator.mts';
import { Output } from './output.mts';

const SAVED = /\/rest\/workflows(\/[^/]+)?$/;
const Started = z.object({ data: z.object({ executionId: z.string() }) });

/** A request, as far as a test compares it. */
export interface Sent {
	readonly method: string;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly body: unknown;
}

interface Surroundings {
	readonly n8n: Client;
	readonly sandbox: Sandbox;
}

/**
 * The panel of a node in n8n's editor, used by mouse and keyboard. Parameters are named by their paths, with dots and
 * brackets: `config.model`, `conversation.suggestedMessages[0]`.
 */
export class Panel {
	readonly page: Page;
	readonly output: Output;
	readonly #surroundings: Surroundings;
	/** What the editor has saved last, and what was typed last. */
	#saved = '';
	#typed = '';

	/** For a panel that is open. */
	constructor(page: Page, surroundings: Surroundings) {
		this.page = page;
		this.output = new Output(page);
		this.#surroundings = surroundings;
		page.on('request', (request) => {
			if (SAVED.test(request.url()) && request.method() !== 'GET') this.#saved = request.postData() ?? '';
		});
	}

	/** Opens the panel of the workflow's only node. */
	static async open(page: Page, surroundings: Surroundings): Promise<Panel> {
		await page.getByTestId('canvas-node').dblclick();
		const panel = new Panel(page, surroundings);
		await expect(panel.field('operation')).toBeVisible();
		return panel;
	}

	/** Where a parameter is entered. */
	field(path: string): Locator {
		return this.page.locator(`[data-parameter-path="parameters.${path}"]`);
	}

	/** A collection, with the members that were added and the menu that adds more. */
	collection(name: string): Locator {
		return this.page.getByTestId('parameter-item').filter({ has: this.page.locator(`label[for="${name}"]`) });
	}

	/** Chooses one of a fixed set of options. */
	async choose(path: string, option: string): Promise<void> {
		await this.field(path).click();
		await this.#option(option).click();
		await expect(this.field(path).getByRole('combobox')).toHaveValue(option);
	}

	/** Adds a member to a collection, by the name that the menu of the collection has for it. */
	async add(collection: string, member: string): Promise<void> {
		await this.#adder(collection).click();
		await this.#option(member).click();
		await expect(this.collection(collection).getByText(member, { exact: true }).first()).toBeVisible();
	}

	/** Expects that a collection has every member that there is: its menu is gone. */
	async expectAllAdded(collection: string): Promise<void> {
		await expect(this.collection(collection)).toBeVisible();
		await expect(this.#adder(collection)).toHaveCount(0);
	}

	/** Presses one of the buttons that add an entry to a list. */
	async press(button: string): Promise<void> {
		await this.page.getByTestId('ndv').getByRole('button', { name: button, exact: true }).click();
	}

	/** Enters a text or a number. */
	async enter(path: string, text: string): Promise<void> {
		await this.field(path).locator('input, textarea').fill(text);
		this.#typed = text;
	}

	/** Enters a text where the panel has an editor of code. */
	async enterCode(path: string, text: string): Promise<void> {
		const editor = this.field(path).getByRole('textbox');
		await editor.click();
		await this.page.keyboard.press('ControlOrMeta+A');
		await this.page.keyboard.insertText(text);
		this.#typed = text;
	}

	/** Switches something on or off. */
	async turn(path: string, state: 'on' | 'off'): Promise<void> {
		const toggle = this.field(path).getByRole('switch');
		if ((await toggle.isChecked()) !== (state === 'on')) await this.field(path).locator('.el-switch').click();
		await expect(toggle).toBeChecked({ checked: state === 'on' });
	}

	/** A parameter that is picked from a list or typed. */
	locator(path: string): ResourceLocator {
		return new ResourceLocator(this.page, this.field(path), (text) => (this.#typed = text));
	}

	/** Executes the node and waits for the end; answers with the requests that the API received. */
	async execute(): Promise<Sent[]> {
		const { n8n, sandbox } = this.#surroundings;
		// The editor takes a text over a moment after it was typed; the one before would run.
		await expect.poll(() => this.#saved).toContain(JSON.stringify(this.#typed).slice(1, -1));
		const before = sandbox.requests.length;
		const started = this.page.waitForResponse((response) => /\/workflows\/[^/]+\/run$/.test(response.url()));
		await this.page.getByTestId('node-execute-button').click();
		const { executionId } = Started.parse(await (await started).json()).data;
		await expect.poll(async () => hasEnded(await n8n.execution(executionId))).toBe(true);
		await expect(this.output.status).toBeVisible();
		return sandbox.requests
			.slice(before)
			.map(({ method, path, query, body }) => ({ method, path, query, body }));
	}

	#option(name: string): Locator {
		const options = this.page.getByRole('option').filter({ visible: true });
		return options.filter({ has: this.page.getByText(name, { exact: true }) });
	}

	#adder(collection: string): Locator {
		return this.collection(collection).getByTestId('collection-parameter-add');
	}
}
