import ts from 'typescript';
import type { SourceFile } from './source-file.js';

/** A text of a source file that may be SQL. */
export interface SqlText {
  /** The function, method or constant that contains it. */
  readonly name: string;
  /** With the constants of the same file filled in; other interpolations become `?`. */
  readonly text: string;
}

type Text = ts.StringLiteralLike | ts.TemplateExpression;

/** Every string and template of a file. */
export function sqlTexts({ path, text }: SourceFile): SqlText[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const texts: Text[] = [];
  const constants = new Map<string, Text>();
  const visit = (node: ts.Node): void => {
    if (isText(node)) texts.push(node);
    if (ts.isVariableDeclaration(node) && node.initializer && isText(node.initializer)) {
      constants.set(node.name.getText(), node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts.map((node) => ({ name: nameAround(node), text: filledIn(node, constants) }));
}

const isText = (node: ts.Node): node is Text => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

function filledIn(node: Text, constants: ReadonlyMap<string, Text>): string {
  if (!ts.isTemplateExpression(node)) return node.text;
  const spans = node.templateSpans.map(({ expression, literal }) => {
    const constant = constants.get(expression.getText());
    return (constant ? filledIn(constant, constants) : '?') + literal.text;
  });
  return node.head.text + spans.join('');
}

function nameAround(node: ts.Node): string {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at) || isTopLevelConstant(at)) {
      return at.name!.getText();
    }
  }
  return '';
}

const isTopLevelConstant = (node: ts.Node): node is ts.VariableDeclaration =>
  ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent);
