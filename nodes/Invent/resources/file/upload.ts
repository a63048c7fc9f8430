import type {
	IBinaryData,
	IDisplayOptions,
	IExecuteSingleFunctions,
	INodeProperties,
	INodePropertyOptions,
	PreSendAction,
} from 'n8n-workflow';

import type { FileUpload } from '../../../../contract/invent';
import { InvalidParameterError } from '../../shared/errors';
import { bodyFieldOf, localField, toCollection, toProperty, validating } from '../../shared/fields';
import { getItemParameters } from '../../shared/itemParameters';
import {
	enumOf,
	type Parser,
	string,
	stringList,
	stringOfLength,
	tryOrUndefined,
} from '../../shared/parsers';
import { isObject } from '../../shared/typeGuards';
import { type RequestPolicy, withPolicy } from '../../transport';
import { encodeUpload } from './encodeUpload';
import { organization } from './getAll';

const bodyField = bodyFieldOf<FileUpload>();

/**
 * Uploads take turns in the order of the items, so that only one file is in memory at a time.
 *
 * @param getName the name that is sent along, if one is; by it an upload is found again
 */
function uploadPolicy(getName: () => string | undefined = () => undefined): RequestPolicy {
	return {
		responseType: 'object',
		ordering: 'serial',
		lookup: ({ url = '' }) => {
			const name = getName();
			const members = name === undefined ? undefined : { file_filename: name };
			return { resource: 'file', listPath: url, name, members };
		},
	};
}

export const upload: INodePropertyOptions = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload a file',
	description: 'Upload a file, for example an image to use as an avatar',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/files' },
		send: { preSend: [organization.substitute, withPolicy(uploadPolicy())] },
	},
};

const FORMATS = ['object', 'base64'] as const;

/** How the content of a file is sent. The documentation names both forms, but not the members of the object. */
export const fileFormat = localField(enumOf(...FORMATS), {
	displayName: 'File Format',
	name: 'fileFormat',
	type: 'options',
	displayOptions: { show: { '/operation': ['upload'], '/source': ['binary'] } },
	options: [
		{ name: 'Base64', value: 'base64', description: 'Send the content alone, without name and type' },
		{ name: 'Object', value: 'object', description: 'Send the content with its name and type' },
	],
	default: 'object',
	description: 'How to send the file. Change it only if Invent does not accept the file.',
});

const fileName = localField(stringOfLength(1, 255), {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	displayOptions: { show: { '/source': ['binary'] } },
	default: '',
	placeholder: 'e.g. avatar.png',
	description: 'Name of the file in Invent. By default, the name of the input file.',
});

const binaryPropertyName = localField(stringOfLength(1, 1024), {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	displayOptions: inSource('binary'),
	default: 'data',
	description: 'Name of the input field that contains the file',
});

/** Finds the file of the item. Its content is read only when the item's turn has come. */
const attachFile: PreSendAction = async function (request) {
	const { values } = getItemParameters(this);
	const field = String(values.get(binaryPropertyName.property.name));
	const hasName = () => values.get(fileFormat.property.name) !== 'base64';
	const describe = () => describeFile(findFile(this, field), values.get(fileName.property.name));
	const policy: RequestPolicy = {
		...uploadPolicy(() => (hasName() ? tryOrUndefined(describe)?.name : undefined)),
		beforeRequest: async (request) => {
			const content = await this.helpers.getBinaryDataBuffer(field);
			const file = hasName() ? { data: '', ...describe() } : '';
			return {
				...request,
				body: encodeUpload({ file, ...(isObject(request.body) && request.body) }, content),
			};
		},
	};
	await validating(binaryPropertyName.property.displayName, () => findFile(this, field)).call(this, request);
	return await withPolicy(policy).call(this, request);
};

/** @throws InvalidParameterError when the item has no such binary field */
function findFile(context: IExecuteSingleFunctions, field: string): IBinaryData {
	const file = tryOrUndefined(() => context.helpers.assertBinaryData(field));
	if (isFile(file)) return file;
	const { binary, json } = context.getInputData();
	// A workflow can have its files among the JSON data, too, usually under `_files` (n8n-workflow, BINARY_MODE_COMBINED).
	const combined = isObject(json._files) ? Object.entries(json._files) : [];
	const fields = [
		...Object.entries({ ...json, ...binary }),
		...combined.map(([name, value]) => [`_files.${name}`, value] as const),
	].flatMap(([name, value]) => (isFile(value) ? [name] : []));
	throw new InvalidParameterError(
		`is '${field}', but the item has no such field`,
		fields.length > 0
			? `The item has files in: ${fields.join(', ')}.`
			: 'The item has no files. Use a node that outputs a file before this one.',
	);
}

function isFile(value: unknown): value is IBinaryData {
	return isObject(value) && typeof value.mimeType === 'string';
}

/** What is sent with the content; a file without a name is called by its type. */
function describeFile({ mimeType, fileName, fileExtension }: IBinaryData, ownName: unknown) {
	const [, extension] = /^\w+\/([a-z0-9]+)(?:\+|;|$)/.exec(mimeType) ?? [];
	const typeName = ['file', fileExtension || extension].filter(Boolean).join('.');
	return {
		name: String(ownName ?? (fileName?.trim() ? fileName : typeName)),
		type: mimeType || 'application/octet-stream',
	};
}

const webAddress: Parser<string> = (value) => {
	const address = string(value).trim();
	if (/^https?:\/\/[^/\\]/i.test(address) && URL.canParse(address)) return address;
	throw new InvalidParameterError(
		'is not a web address',
		'Enter an address that starts with https:// or http://.',
	);
};

function inSource(source: 'binary' | 'url'): IDisplayOptions {
	return { show: { operation: ['upload'], source: [source] } };
}

export const uploadProperties: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { operation: ['upload'] } },
		options: [
			{ name: 'Binary File', value: 'binary', description: 'Upload a file from the input' },
			{ name: 'URL', value: 'url', description: 'Have Invent download the file from a web address' },
		],
		default: 'binary',
		description: 'Where to get the file from',
	},
	toProperty(binaryPropertyName, attachFile),
	toProperty(
		bodyField('file_url', webAddress, {
			displayName: 'File URL',
			name: 'fileUrl',
			type: 'string',
			required: true,
			displayOptions: inSource('url'),
			default: '',
			placeholder: 'e.g. https://example.com/avatar.png',
			description: 'Web address of the file. Invent must be able to reach it without a login.',
		}),
	),
	toCollection(
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			displayOptions: { show: { operation: ['upload'] } },
			placeholder: 'Add Field',
			default: {},
		},
		[
			bodyField('allowed_types', stringList, {
				displayName: 'Allowed Types',
				name: 'allowedTypes',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Type' },
				default: [],
				placeholder: 'e.g. image/*',
				description: 'Media types to accept. Invent rejects a file of another type.',
			}),
			fileName,
			bodyField('visibility', enumOf('PUBLIC', 'PRIVATE'), {
				displayName: 'Visibility',
				name: 'visibility',
				type: 'options',
				options: [
					{ name: 'Private', value: 'PRIVATE', description: 'The web address of the file expires' },
					{ name: 'Public', value: 'PUBLIC', description: 'Anyone with the web address can see the file' },
				],
				default: 'PUBLIC',
				description: 'Who can see the file. Use Public for avatars.',
			}),
		],
	),
];
