import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

/** The time zones that this platform knows, by their IANA names. */
export async function searchTimeZones(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const text = filter.toLowerCase().replace(/ /g, '_');
	const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
	return {
		results: zones
			.filter((zone) => zone.toLowerCase().includes(text))
			.map((zone) => ({ name: zone.replace(/_/g, ' '), value: zone })),
	};
}
