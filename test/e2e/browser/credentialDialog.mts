import { expect, type Locator, type Page } from '@playwright/test';

/** The dialog in which a credential is entered. */
export class CredentialDialog {
	readonly box: Locator;
	readonly apiKey: Locator;
	readonly baseUrl: Locator;
	readonly #page: Page;

	constructor(page: Page) {
		this.#page = page;
		this.box = page.getByTestId('editCredential-modal');
		this.apiKey = this.box.getByTestId('parameter-input-apiKey').locator('input');
		this.baseUrl = this.box.getByTestId('parameter-input-baseUrl').locator('input');
	}

	/** Opens it from the panel of a node that has no credential yet. */
	static async openFromPanel(page: Page): Promise<CredentialDialog> {
		await page.getByText('Connect to Invent').click();
		const dialog = new CredentialDialog(page);
		await expect(dialog.apiKey).toBeVisible();
		return dialog;
	}

	/** Saves, and waits until n8n has tested the credential. */
	async save(): Promise<void> {
		const tested = this.#page.waitForResponse(/\/rest\/credentials\/test$/);
		await this.box.getByTestId('credential-save-button').click();
		await tested;
	}

	/** Opens the details of a failed test; they stay open for the next one. */
	async openDetails(): Promise<void> {
		await this.box.getByText('More details').click();
	}
}
