import { searchAssistants } from './assistants';
import { searchOrganizations } from './organizations';
import { searchInUse, searchTimeZones } from './values';

/** What the drop-downs of the panel list; parameters name these in `searchListMethod`. */
export const listSearch = {
	searchAssistants,
	searchKnowledgeScopes: searchInUse('config.knowledge_scope'),
	searchLanguages: searchInUse('config.language'),
	searchModels: searchInUse('config.model'),
	searchOrganizations,
	searchSpeechInputModels: searchInUse('config.stt.model'),
	searchSpeechOutputModels: searchInUse('config.tts.model'),
	searchThreadModes: searchInUse('config.conversation.thread_mode'),
	searchTimeZones,
	searchVoices: searchInUse('config.tts.voice_id'),
};
