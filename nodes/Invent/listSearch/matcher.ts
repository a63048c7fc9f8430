/** Letters with marks decompose into the letter and these (Unicode, Combining Diacritical Marks). */
const MARKS = /[\u0300-\u036f]/g;

/**
 * Makes the test for what a drop-down offers: whether any of its texts contains what the user typed, whatever the
 * capitals, the accents and the blanks around it.
 */
export function matcher(filter: string): (...texts: string[]) => boolean {
	const wanted = fold(filter.trim());
	return (...texts) => texts.some((text) => fold(text).includes(wanted));
}

function fold(text: string): string {
	return text.toLowerCase().normalize('NFD').replace(MARKS, '');
}
