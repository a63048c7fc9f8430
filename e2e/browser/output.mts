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

	/** Switches to Schema, Table or JSON. */
	async view(name: 'Schema' | 'Table' | 'JSON'): Promise<void> {
		await this.panel.getByRole('radio', { name, exact: true }).click();
	}
}
