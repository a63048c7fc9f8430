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
		await this.#test(this.box.getByTestId('credential-save-button'));
	}

	/** Tests again what is saved, after a test that failed. */
	async retry(): Promise<void> {
		await this.#test(this.box.getByRole('button', { name: 'Retry' }));
	}

	/** Expects that the test has failed, with these words in its details. */
	async expectFailure(words: string): Promise<void> {
		const closed = this.box.getByText('More details');
		await expect(closed.or(this.box.getByText(words)).first()).toBeVisible();
		if (await closed.isVisible()) await closed.click();
		await expect(this.box).toContainText(words);
	}

	async #test(button: Locator): Promise<void> {
		const tested = this.#page.waitForResponse(/\/rest\/credentials\/test$/);
		await button.click();
		await tested;
	}
}
