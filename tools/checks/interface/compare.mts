// Tells what of a change to the public interface breaks saved workflows, and what only adds to it.

import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../report.mts';

/** What is different, one sentence each. */
export interface Comparison {
	/** Saved workflows would do something else, or nothing. */
	broken: string[];
	/** New, and so not promised to anybody yet. */
	added: string[];
}

/** Attributes that are compared as a whole, whatever they are made of. */
const WHOLE = new Set(['default']);

/** Attributes that only take away: to have one more of them breaks, to have one less does not. */
const RESTRICTIONS = new Set(['required', 'noDataExpression', 'minValue', 'maxValue', 'when', 'unless']);

/** Parts whose members have names of their own, such as a parameter that happens to be called `required`. */
const NAMED = new Set(['selectors', 'operations', 'parameters', 'output', 'credentials', 'fields']);

/** What kind of attribute stands at a place, if it is one and not just called like one. */
function attributeAt(place: readonly string[]): string {
	return NAMED.has(place.at(-2) ?? '') ? '' : (place.at(-1) ?? '');
}

/**
 * Compares two interfaces, or parts of them, member by member.
 *
 * Lists are sets: what is gone breaks, what is new adds. Numbers of `minValue` may fall and those of `maxValue` rise.
 */
export function compareInterfaces(
	saved: unknown,
	current: unknown,
	place: readonly string[] = [],
): Comparison {
	const attribute = attributeAt(place);
	if (isDeepStrictEqual(saved, current)) return { broken: [], added: [] };
	if (!WHOLE.has(attribute)) {
		if (Array.isArray(saved) && Array.isArray(current)) return compareLists(saved, current, place);
		if (isRecord(saved) && isRecord(current)) return compareMembers(saved, current, place);
		if (isLooser(attribute, saved, current)) {
			return { broken: [], added: [`${nameOf(place)} is now ${text(current)}, not ${text(saved)}`] };
		}
	}
	return { broken: [`${nameOf(place)} is now ${text(current)}, not ${text(saved)}`], added: [] };
}

function compareLists(saved: unknown[], current: unknown[], place: readonly string[]): Comparison {
	const lacks = (list: unknown[]) => (member: unknown) =>
		!list.some((other) => isDeepStrictEqual(other, member));
	const gone = saved.filter(lacks(current)).map((member) => `${nameOf(place)} no longer has ${text(member)}`);
	const fresh = current.filter(lacks(saved)).map((member) => `${nameOf(place)} now has ${text(member)}`);
	return place.includes('unless') ? { broken: fresh, added: gone } : { broken: gone, added: fresh };
}

function compareMembers(
	saved: Record<string, unknown>,
	current: Record<string, unknown>,
	place: readonly string[],
): Comparison {
	const result: Comparison = { broken: [], added: [] };
	const isRestriction = (name: string) =>
		RESTRICTIONS.has(attributeAt([...place, name])) ||
		place.some((part) => part === 'when' || part === 'unless');
	for (const [name, value] of Object.entries(saved)) {
		const where = [...place, name];
		if (name in current) {
			const inner = compareInterfaces(value, current[name], where);
			result.broken.push(...inner.broken);
			result.added.push(...inner.added);
		} else {
			result[isRestriction(name) ? 'added' : 'broken'].push(`${nameOf(where)} is gone`);
		}
	}
	for (const [name, value] of Object.entries(current)) {
		if (name in saved) continue;
		const breaks = isRestriction(name) || asksForMore(value, place);
		result[breaks ? 'broken' : 'added'].push(
			`${nameOf([...place, name])} is new${isRecord(value) ? '' : `: ${text(value)}`}`,
		);
	}
	return result;
}

/** A new parameter that has to be filled in stops every saved workflow of its operation. */
function asksForMore(value: unknown, place: readonly string[]): boolean {
	if (place.at(-1) !== 'parameters' && place.at(-1) !== 'fields') return false;
	return isRecord(value) && value['required'] === true && isEmpty(value['default']);
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === '' || (isRecord(value) && value['value'] === '');
}

function isLooser(attribute: string, saved: unknown, current: unknown): boolean {
	if (typeof saved !== 'number' || typeof current !== 'number') return false;
	return attribute === 'minValue' ? current < saved : attribute === 'maxValue' && current > saved;
}

function nameOf(place: readonly string[]): string {
	return place.filter((part) => part !== 'parameters').join(' › ');
}

function text(value: unknown): string {
	return JSON.stringify(value);
}
