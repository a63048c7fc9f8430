// The contract is valid OpenAPI 3.1, against the OpenAPI schema and the rules of the specification that no schema can express. That the
// node takes nothing but types from it, the linter checks; that the types are current, openapi-typescript.

import { join } from 'node:path';
import { compileErrors, parse, validate } from '@readme/openapi-parser';
import { conclude, type Problems } from './report.mts';

const document = join(import.meta.dirname, '../../contract/invent.openapi.yaml');
const problems: Problems = [];
const { openapi } = { openapi: undefined, ...(await parse(document)) };
if (!String(openapi).startsWith('3.1.')) problems.push(`the contract is OpenAPI ${String(openapi)}, not 3.1`);
const result = await validate(document);
if (!result.valid || result.warnings.length > 0) problems.push(compileErrors(result));
conclude('contract', problems);
