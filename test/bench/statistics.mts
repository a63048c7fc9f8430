/** The middle of some numbers, the mean of the two middle ones when their number is even. */
export function median(numbers: readonly number[]): number {
	const sorted = numbers.toSorted((a, b) => a - b);
	const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
	if (low === undefined || high === undefined) throw new Error('There is no median of nothing');
	return (low + high) / 2;
}

/** A number for people, with so many digits after the point. */
export function shown(value: number, digits = 0): string {
	return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Milliseconds as seconds. */
export function seconds(ms: number): string {
	return `${shown(ms / 1000, 2)} s`;
}

const MEGABYTE = 1e6;

/** Bytes as megabytes. */
export function megabytes(bytes: number): string {
	return `${shown(bytes / MEGABYTE)} MB`;
}
