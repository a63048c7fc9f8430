import { expect, type Locator, type Page } from '@playwright/test';

/** The list of nodes that can be added, beside the canvas. */
export class NodeCreator {
	readonly #page: Page;
	readonly box: Locator;

	constructor(page: Page) {
		this.#page = page;
		this.box = page.getByTestId('node-creator');
	}

	/** Opens it on an empty canvas. */
	static async openOnNewWorkflow(page: Page): Promise<NodeCreator> {
		await page.goto('/workflow/new');
		await page.getByTestId('canvas-add-button').click();
		const creator = new NodeCreator(page);
		await expect(creator.search).toBeVisible();
		return creator;
	}

	get search(): Locator {
		return this.box.getByRole('textbox');
	}

	/** The entry of the node. */
	get invent(): Locator {
		return this.entry('Invent');
	}

	/** The entry of a node or of an action. */
	entry(name: string): Locator {
		return this.#page
			.getByTestId('item-iterator-item')
			.filter({ has: this.#page.getByText(name, { exact: true }) });
	}
}
