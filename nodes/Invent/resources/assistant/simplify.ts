import type { PostReceiveAction } from 'n8n-workflow';

import type { Assistant, AssistantConfig } from '../../../../contract/invent';
import { getItemParameters } from '../../shared/itemParameters';
import { omit, pick, toPaths } from '../../shared/objectPath';
import { getOutcome } from '../../transport';
import { generateSecretKey } from './create';
import { includeSecretKey } from './options';

type Path = keyof Assistant | `config.${keyof AssistantConfig & string}`;

/** The fields of a simplified assistant. */
const SIMPLE_FIELDS = toPaths({
	id: 'id',
	name: 'name',
	enabled: 'enabled',
	deleted: 'deleted',
	avatar_url: 'avatar_url',
	language: 'config.language',
	model: 'config.model',
	instructions: 'config.instructions',
	created_at: 'created_at',
	updated_at: 'updated_at',
} satisfies Record<string, Path>);

/** The same for Rotate Key, which is about the key. */
const SIMPLE_KEY_FIELDS = toPaths({
	id: 'id',
	name: 'name',
	secret_key: 'secret_key',
	updated_at: 'updated_at',
} satisfies Record<string, Path>);

/** With one of these on, the output contains the secret key. */
const SECRET_KEY_FIELDS = [includeSecretKey, generateSecretKey];

/** Shapes the API's objects into items. `secret_key` leaves the node only where the user has asked for it. */
export const simplify: PostReceiveAction = async function (items) {
	const { values } = getItemParameters(this);
	const operation = this.getNodeParameter('operation');
	const isKey = operation === 'rotateKey';
	const withKey = isKey || SECRET_KEY_FIELDS.some(({ property }) => values.get(property.name) === true);
	const isSimple = values.get('simplify') !== false;
	const outcome = isSimple && operation === 'upsert' ? { outcome: getOutcome(this) } : {};
	const fields = isKey ? SIMPLE_KEY_FIELDS : SIMPLE_FIELDS;
	return items.map((item) => {
		const { json } = item;
		const kept = isSimple ? pick(json, fields) : omit(json, 'secret_key');
		const key = withKey ? { secret_key: json.secret_key ?? null } : {};
		return { ...item, json: { ...kept, ...key, ...outcome } };
	});
};
