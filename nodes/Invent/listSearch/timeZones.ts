import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { matcher } from './matcher';

/** Time zones that have got another name since, which the platform does not use (IANA tz database, file backward). */
const PRESENT_NAMES: Readonly<Record<string, string>> = {
	'Africa/Asmera': 'Africa/Asmara',
	'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
	'America/Catamarca': 'America/Argentina/Catamarca',
	'America/Coral_Harbour': 'America/Atikokan',
	'America/Cordoba': 'America/Argentina/Cordoba',
	'America/Godthab': 'America/Nuuk',
	'America/Indianapolis': 'America/Indiana/Indianapolis',
	'America/Jujuy': 'America/Argentina/Jujuy',
	'America/Louisville': 'America/Kentucky/Louisville',
	'America/Mendoza': 'America/Argentina/Mendoza',
	'Asia/Calcutta': 'Asia/Kolkata',
	'Asia/Katmandu': 'Asia/Kathmandu',
	'Asia/Rangoon': 'Asia/Yangon',
	'Asia/Saigon': 'Asia/Ho_Chi_Minh',
	'Atlantic/Faeroe': 'Atlantic/Faroe',
	'Europe/Kiev': 'Europe/Kyiv',
	'Pacific/Enderbury': 'Pacific/Kanton',
	'Pacific/Ponape': 'Pacific/Pohnpei',
	'Pacific/Truk': 'Pacific/Chuuk',
};

/** The time zones that this platform knows, by their present IANA names; former names find them too. */
export async function searchTimeZones(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const matches = matcher(toWords(filter));
	const zones = Intl.supportedValuesOf('timeZone').map(
		(zone) => [PRESENT_NAMES[zone] ?? zone, zone] as const,
	);
	const results = [['UTC'] as const, ...zones.sort()]
		.filter((names) => matches(...names.map(toWords)))
		.map(([value]) => ({ name: toWords(value), value }));
	return { results };
}

/** Such as `America/New York`. */
function toWords(zone: string): string {
	return zone.replace(/_/g, ' ');
}
