import type { Locator, Page } from '@playwright/test';

/** The right side of the panel: what came out of the node. */
export class Output {
	readonly panel: Locator;

	constructor(page: Page) {
		this.panel = page.getByTestId('output-panel');
	}

	/** The mark of a run that has ended. */
	get status(): Locator {
		return this.panel.locator('[data-test-id^="node-run-status"]');
	}

	/** The mark of a run that has ended well. */
	get success(): Locator {
		return this.panel.getByTestId('node-run-status-success');
	}

	/** What n8n says about an error. */
	get error(): Locator {
		return this.panel.getByTestId('node-error-message');
	}

	/** What to do about the error, or more about it. */
	get errorDescription(): Locator {
		return this.panel.getByTestId('node-error-description');
	}

	/** What stands above the items. */
	get hints(): Locator {
		return this.panel.getByTestId('node-hint');
	}

	/** The items as the table shows them, each field as its text. */
	async rows(): Promise<Record<string, string>[]> {
		await this.view('Table');
		const cells = async (selector: string) =>
			(await this.panel.locator(selector).allInnerTexts()).map((text) => text.trim());
		const names = await cells('thead th');
		const rows = await this.panel.locator('tbody tr').all();
		return await Promise.all(
			rows.map(async (row) => {
				const texts = await row.locator('td').allInnerTexts();
				const fields = names.map((name, index) => [name, texts[index]?.trim() ?? ''] as const);
				return Object.fromEntries(fields.filter(([name]) => name !== '')); // the table ends with an empty column
			}),
		);
	}

	/** Switches to Schema, Table or JSON. */
	async view(name: 'Schema' | 'Table' | 'JSON'): Promise<void> {
		await this.panel.getByRole('radio', { name, exact: true }).click();
	}
}
