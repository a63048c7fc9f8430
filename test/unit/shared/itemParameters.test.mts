import { InvalidParameterError } from '../../../nodes/Invent/shared/errors.ts';
import { getItemParameters, ItemParameters } from '../../../nodes/Invent/shared/itemParameters.ts';
import { contextOf } from './context.mts';

test('The parameters of an item keep the first of its errors, with the name of the parameter', () => {
	const parameters = new ItemParameters();
	expect(parameters.inputError).toBeUndefined();
	parameters.collectError('Fine', () => undefined);
	expect(parameters.inputError).toBeUndefined();
	for (const name of ['First', 'Second']) {
		parameters.collectError(name, () => {
			throw new InvalidParameterError('is empty', 'Fill it in.');
		});
	}
	expect(parameters.inputError?.message).toBe("'First' is empty");
	expect(parameters.inputError?.description).toBe('Fill it in.');
});

test('The parameters of an item are kept with it', () => {
	const context = contextOf({ values: {} });
	expect(getItemParameters(context)).toBe(getItemParameters(context));
	expect(getItemParameters(context)).toBeInstanceOf(ItemParameters);
	expect(getItemParameters(contextOf({ values: {} }))).not.toBe(getItemParameters(context));
});
