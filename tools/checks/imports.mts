import ts from 'typescript';

/** One place where a module names another. */
export interface ModuleReference {
	/** The name as written; undefined when it is computed at run time. */
	specifier: string | undefined;
	line: number;
}

/** Finds every import, re-export, `require` and dynamic import of a JavaScript file. */
export function findReferences(fileName: string, text: string): ModuleReference[] {
	const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
	const found: ModuleReference[] = [];

	const add = (node: ts.Node, specifier: ts.Node | undefined): void => {
		found.push({
			specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined,
			line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
		});
	};

	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || (ts.isExportDeclaration(node) && node.moduleSpecifier)) {
			add(node, node.moduleSpecifier);
		} else if (ts.isCallExpression(node) && isModuleCall(node.expression)) {
			add(node, node.arguments[0]);
		} else if (ts.isIdentifier(node) && node.text === 'require' && !isOrdinaryMention(node)) {
			// `require` handed around under another name could load anything.
			add(node, undefined);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

function isModuleCall(callee: ts.Expression): boolean {
	return (
		callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
	);
}

/** A call of `require`, or a property or member that merely has this name. */
function isOrdinaryMention(node: ts.Identifier): boolean {
	const { parent } = node;
	if (ts.isCallExpression(parent)) return parent.expression === node;
	if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
	return ts.isPropertyAssignment(parent) && parent.name === node;
}
