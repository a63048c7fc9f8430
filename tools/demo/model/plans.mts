import { assistantIn, assistantsIn } from './answers.mts';
import type { Plan, Work } from './plan.mts';

/** What the demo asks in the chat of the AI Agent, word for word as in the example's note. */
export const CHAT_MESSAGE =
	'Copy our shop template as "Shop Bergen", greet customers in Norwegian, and switch the copy on.';

function* listAssistants(): Work {
	const found = assistantsIn(yield { tool: 'Find_Assistants', args: { search: '' } });
	const existing = found.filter(({ deleted }) => deleted !== true);
	const lines = existing.map(({ name, enabled }) => `- ${name}${enabled === true ? '' : ' (off)'}`);
	return [`There are ${existing.length} assistants:`, ...lines].join('\n');
}

function* copyTheTemplate(): Work {
	const found = assistantsIn(yield { tool: 'Find_Assistants', args: { search: 'template' } });
	const template = found.find(({ name }) => name.includes('Shop'));
	if (template === undefined) return 'There is no template for shops.';
	const copying = { assistant_id: template.id, name: 'Shop Bergen' };
	const { id, name } = assistantIn(yield { tool: 'Copy_Assistant', args: copying });
	yield {
		tool: 'Change_Welcome_Banner',
		args: { assistant_id: id, banner: 'Velkommen til butikken i Bergen!' },
	};
	const switched = assistantIn(yield { tool: 'Switch_On_or_Off', args: { assistant_id: id, enabled: true } });
	return `${name} (${id}) is a copy of ${template.name}, greets customers in Norwegian, and is ${switched['enabled'] === true ? 'on' : 'off'}.`;
}

/** The tasks that the demo's chat model knows, by the sentence that asks for them. */
export const PLANS: ReadonlyMap<string, Plan> = new Map([
	['Which assistants do we have?', listAssistants],
	[CHAT_MESSAGE, copyTheTemplate],
]);
