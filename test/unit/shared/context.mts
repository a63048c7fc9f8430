import type { IDataObject, IExecuteSingleFunctions, IGetNodeParameterOptions } from 'n8n-workflow';

import { get } from '../../../nodes/Invent/shared/objectPath.ts';

/** What is asked of an item's context: its parameters, evaluated and as they were entered. */
export interface Parameters {
	readonly values: IDataObject;
	readonly entered?: IDataObject;
}

/** The context of one item: the one thing of n8n that the hooks of parameters use. */
export function contextOf({ values, entered = values }: Parameters): IExecuteSingleFunctions {
	const context = {
		getNodeParameter: (name: string, fallback?: unknown, options?: IGetNodeParameterOptions) => {
			const value = get(options?.rawExpressions === true ? entered : values, name);
			return value === undefined ? fallback : value;
		},
	};
	return context as unknown as IExecuteSingleFunctions;
}
