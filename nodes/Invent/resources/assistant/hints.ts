import type { NodeHint } from 'n8n-workflow';

const HAS_SECRET_KEY = [
	'$parameter["operation"] === "rotateKey"',
	'$parameter["options"]?.includeSecretKey',
	'($parameter["operation"] === "create" && $parameter["additionalFields"]?.generateSecretKey)',
].join(' || ');

/**
 * What the output panel shows before the node runs. A condition sees the parameters as entered, but neither the output
 * nor which branch is shown nor whether the run failed (n8n-editor-ui, useNodeHelpers, getNodeHints), so no hint about
 * a run could be told from its result.
 */
export const hints: NodeHint[] = [
	{
		type: 'warning',
		message:
			'Secret keys in the output are saved with the execution. Anyone with access to the execution can see them.',
		displayCondition: `={{ $parameter["resource"] === "assistant" && !!(${HAS_SECRET_KEY}) }}`,
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
	},
];
