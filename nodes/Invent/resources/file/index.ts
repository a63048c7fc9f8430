import { listProperties, optionsProperty } from '../common';
import type { Resource } from '../resource';
import { getAll, organization } from './getAll';
import { fileFormat, upload, uploadProperties } from './upload';

/** Files of an organization, such as the images that assistants have as avatars. */
export const file: Resource = {
	option: { name: 'File', value: 'file' },
	operations: [getAll, upload],
	properties: [organization.property, ...uploadProperties, ...listProperties, optionsProperty(fileFormat)],
};
