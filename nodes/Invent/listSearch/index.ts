import { searchActions } from './actions';
import { searchAssistants } from './assistants';
import { searchOrganizations } from './organizations';
import { searchTimeZones } from './timeZones';
import { searchValuesInUse } from './valuesInUse';

/** What the drop-downs list; parameters name these in `searchListMethod`. */
export const listSearch = {
	searchActions,
	searchActionTypes: searchValuesInUse('actions.action_id'),
	searchAssistants,
	searchKnowledgeScopes: searchValuesInUse('config.knowledge_scope'),
	searchLanguages: searchValuesInUse('config.language'),
	searchModels: searchValuesInUse('config.model'),
	searchOrganizations,
	searchSpeechInputModels: searchValuesInUse('config.stt.model'),
	searchSpeechOutputModels: searchValuesInUse('config.tts.model'),
	searchThreadModes: searchValuesInUse('config.conversation.thread_mode'),
	searchTimeZones,
	searchVoices: searchValuesInUse('config.tts.voice_id'),
};
