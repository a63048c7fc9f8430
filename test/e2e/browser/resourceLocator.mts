import { expect, type Locator as Element, type Page } from '@playwright/test';

/** A parameter that is picked from a list or typed, n8n's "resource locator". */
export class Locator {
	readonly #page: Page;
	readonly #field: Element;
	readonly #typed: (text: string) => void;

	/** @param typed is told what is typed */
	constructor(page: Page, field: Element, typed: (text: string) => void) {
		this.#page = page;
		this.#field = field;
		this.#typed = typed;
	}

	/** What is shown as chosen or entered. */
	get input(): Element {
		return this.#field.getByTestId('rlc-input');
	}

	/** The entries of the open list. */
	get entries(): Element {
		return this.#page.getByTestId('rlc-item').filter({ visible: true });
	}

	/** The box of the open list. */
	get popover(): Element {
		return this.#page.locator('[data-reka-popper-content-wrapper]').filter({ has: this.entries });
	}

	/** What the list shows instead of entries when it cannot be loaded. */
	get failure(): Element {
		return this.#page.getByTestId('rlc-error-container');
	}

	/** Switches between the list and the ways of typing. */
	async mode(name: string): Promise<void> {
		const selector = this.#field.getByTestId('rlc-mode-selector');
		await selector.click();
		await this.#page.getByRole('option', { name, exact: true }).filter({ visible: true }).click();
		await expect(selector.getByRole('combobox')).toHaveValue(name);
	}

	/**
	 * Opens the list for the first time and waits until it is loaded, or cannot be. Earlier, an entry that is chosen
	 * already can be clicked, but the editor does not know its name yet and shows its value.
	 */
	async openList(): Promise<void> {
		const answered = this.#page.waitForResponse(/resource-locator-results/);
		await this.input.click();
		await answered;
		await expect(this.#page.locator('.n8n-loading').filter({ visible: true })).toHaveCount(0);
	}

	/** Types into the search field of the open list. */
	async search(text: string): Promise<void> {
		await this.#page.getByTestId('rlc-search').pressSequentially(text);
	}

	/** Picks an entry of the list, opening it first. */
	async pick(entry: string): Promise<void> {
		await this.openList();
		await this.choose(entry);
	}

	/** Picks an entry of the list, which is open. */
	async choose(entry: string): Promise<void> {
		await this.entries.filter({ has: this.#page.getByText(entry, { exact: true }) }).click();
		await expect(this.input).toHaveValue(entry);
	}

	/** Switches to a way of typing, and types. */
	async type(mode: string, text: string): Promise<void> {
		await this.mode(mode);
		await this.input.fill(text);
		this.#typed(text);
	}
}
