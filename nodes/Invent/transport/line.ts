import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';

import { membersOf } from './answer';
import { exchange } from './exchange';
import type { Request } from './manner';
import type { Item } from './run';

interface Manners {
	/** Whether the request does no harm when it is carried out twice; as its method says, if not given. */
	readonly repeatable?: boolean;
	/** Called each time the request leaves. */
	readonly onSend?: () => void;
}

/** The way from one item to the API: at the pace of the process and with the patience of the item. */
export class Line {
	constructor(
		private readonly context: IExecutePaginationFunctions,
		private readonly item: Item,
		private readonly requestData: DeclarativeRestApiSettings.ResultOptions,
	) {}

	/** Sends a request and returns what the node puts out for it. */
	async send(request: Request, manners: Manners = {}): Promise<INodeExecutionData[]> {
		return await this.exchange(request, manners, async (options) => {
			// Adds the credential and runs the postReceive actions of the node's parameters.
			return await this.context.makeRoutingRequest({ ...this.requestData, options });
		});
	}

	/** Reads objects as the API has them, for the node's own use. */
	async read(
		path: Request,
		promised: 'one' | 'list',
	): Promise<{ members: IDataObject[]; headers: IDataObject }> {
		return await this.exchange(path, {}, async (options) => {
			const { helpers } = this.context;
			const response: IN8nHttpFullResponse = await helpers.httpRequestWithAuthentication.call(
				this.context,
				'inventApi',
				options,
			);
			return { members: membersOf(response, promised), headers: response.headers };
		});
	}

	/** Puts out an object that was read: runs the postReceive actions as `send` does. */
	async putOut(object: IDataObject): Promise<INodeExecutionData[]> {
		const response: IN8nHttpFullResponse = { body: object, headers: {}, statusCode: 200 };
		let items: INodeExecutionData[] = [{ json: object }];
		for (const action of this.requestData.postReceive.flatMap(({ actions }) => actions)) {
			if (typeof action === 'function') items = await action.call(this.context, items, response);
		}
		return items;
	}

	private async exchange<T>(
		request: Request,
		{ repeatable = request.method !== 'POST', onSend }: Manners,
		once: (options: IHttpRequestOptions) => Promise<T>,
	): Promise<T> {
		const patience = { repeatable, maxWaitMs: this.item.maxWaitMs, signal: this.item.signal };
		return await exchange(this.requestData.options.baseURL ?? '', patience, async () => {
			this.item.hasBegun = true;
			onSend?.();
			return await once(this.onTheWire(request));
		});
	}

	/**
	 * The options of one exchange. The body is text: n8n's HTTP helper leaves an empty object out
	 * (backend-network, http/request.js), and copying an object on its way would drop keys such as `__proto__`.
	 */
	private onTheWire(request: Request): IHttpRequestOptions {
		const { skipSslCertificateValidation, ...common } = this.requestData.options;
		const { url = '', method = 'GET', qs = {}, body } = request;
		const options = {
			...common,
			url,
			method,
			qs,
			skipSslCertificateValidation: skipSslCertificateValidation === true,
			returnFullResponse: true,
		};
		delete options.body;
		if (body === undefined || method === 'GET') return options;
		const headers = { ...common.headers, 'content-type': 'application/json' };
		return { ...options, headers, body: JSON.stringify(body) };
	}
}
