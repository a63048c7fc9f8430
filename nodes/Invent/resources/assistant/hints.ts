import type { NodeHint } from 'n8n-workflow';

const IS_ASSISTANT = '$parameter["resource"] === "assistant"';
const OPERATION = '$parameter["operation"]';

/**
 * What the output panel adds to the items. n8n lets only a node with an `execute` method add hints while it runs
 * (n8n-core, execute-context.js, addExecutionHints), so these can't count what a run has done.
 */
export const hints: NodeHint[] = [
	{
		type: 'warning',
		message:
			'The output holds a secret key, and n8n keeps it with the execution, where everybody who may see the execution can read it. Hand the key to a secret store, and consider not saving the executions of this workflow.',
		displayCondition: `={{ ${IS_ASSISTANT} && (${OPERATION} === "rotateKey" || $parameter["options"]?.includeSecretKey === true || (${OPERATION} === "create" && $parameter["additionalFields"]?.generateSecretKey === true)) }}`,
		location: 'outputPane',
		whenToDisplay: 'afterExecution',
	},
	{
		type: 'info',
		message:
			'The dates created_at and updated_at tell what this run has made or changed. Assistants that already were as entered have been left alone.',
		displayCondition: `={{ ${IS_ASSISTANT} && ${OPERATION} === "upsert" }}`,
		location: 'outputPane',
		whenToDisplay: 'afterExecution',
	},
];
