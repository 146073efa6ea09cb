import { escapeHtml } from '../../functions/email/html';
import { type Block, guarded, literal, scopeOf, type TemplateNode, thisExpression } from './template-nodes';
import { given, pathIn, ROOT, type Scope, within } from './template-scope';
import { parseTemplate, placeOf, TemplateFault, type TemplateSource, written } from './template-source';

/** What one language's templates are made of. */
export interface Ingredients {
  /** BCP 47 tag: what `@language` prints. */
  readonly language: string;
  /** What `@subject` prints. */
  readonly subject: TemplateSource;
  readonly words: ReadonlyMap<string, TemplateSource>;
  /** Where its words are: `de/words.json`. */
  readonly wordsFile: string;
  /** @returns undefined where there is none of this name */
  readonly partial: (name: string, kind: TemplateSource['kind']) => TemplateSource | undefined;
}

type Kind = TemplateSource['kind'];
/** Where the expansion is: in which file, at which place of the variables, and within which partials. */
interface Here {
  readonly source: TemplateSource;
  readonly scope: Scope;
  /** Files on the way here: none of them may come again. */
  readonly files: readonly TemplateSource[];
  readonly into: Kind;
}

/** An expression of Handlebars, and what it names from the mail's variables on. */
interface Value {
  readonly expression: hbs.AST.Expression;
  /** In quotes where it is text, `words.…` where it is a word. */
  readonly path: string;
}

const BLOCKS = ['if', 'unless', 'each', 'with'];

/**
 * A template with its partials and words put in, and every use of a variable with its path.
 *
 * @param into HTML, or text; text that is put into HTML is escaped
 * @throws TemplateFault where it holds what could print nothing, or something that is not escaped
 */
export function expandTemplate(source: TemplateSource, ingredients: Ingredients, into: Kind): readonly TemplateNode[] {
  return new Expansion(ingredients).of(source, { source, scope: ROOT, files: [], into });
}

class Expansion {
  constructor(private readonly ingredients: Ingredients) {}

  of(source: TemplateSource, { scope, files, into }: Here): readonly TemplateNode[] {
    if (files.includes(source)) {
      const way = [...files, source].map(({ file }) => file).join(' → ');
      throw new TemplateFault(source.at(1, ''), `Expected no partial within itself, got ${way}.`);
    }
    return this.program(parseTemplate(source), { source, scope, files: [...files, source], into });
  }

  private program({ body }: hbs.AST.Program, here: Here): readonly TemplateNode[] {
    return body.flatMap((statement) => this.statement(statement, here));
  }

  private statement(statement: hbs.AST.Statement, here: Here): readonly TemplateNode[] {
    switch (statement.type) {
      case 'ContentStatement':
        return content((statement as hbs.AST.ContentStatement).value, here);
      case 'CommentStatement':
        return [];
      case 'MustacheStatement':
        return this.mustache(statement as hbs.AST.MustacheStatement, here);
      case 'BlockStatement':
        return [this.block(statement as hbs.AST.BlockStatement, here)];
      case 'PartialStatement':
        return this.partial(statement as hbs.AST.PartialStatement, here);
      default:
        throw fault(statement, here, 'a partial to be a file of its own', 'write {{> name}}');
    }
  }

  private mustache(statement: hbs.AST.MustacheStatement, here: Here): readonly TemplateNode[] {
    const { escaped, path, params, hash } = statement;
    if (!escaped) throw fault(statement, here, 'all that is printed to be escaped', 'write {{ }}');
    if (path.type !== 'PathExpression')
      throw fault(statement, here, 'a variable', 'write what is printed without {{ }}');
    const name = path as hbs.AST.PathExpression;
    const text = this.textOf(name, here);
    if (text) {
      if (params.length > 0) throw fault(statement, here, 'a word to be given values by name', 'write name=value');
      return this.insert(text, thisExpression(), here.scope.path, hash, here);
    }
    if (params.length === 0 && !hash) return [this.print(name, statement, here)];
    if (name.original !== 'lookup') throw fault(statement, here, `a variable, a word or lookup`, 'there are no others');
    const call = { ...statement, type: 'SubExpression' } as unknown as hbs.AST.SubExpression;
    return [this.print(call, statement, here)];
  }

  /** A word, or the subject, where that is what is named. */
  private textOf(name: hbs.AST.PathExpression, here: Here): TemplateSource | undefined {
    const { data, depth, parts, original } = name;
    const { words, wordsFile, subject, language } = this.ingredients;
    if (original === '@subject') return subject;
    if (original === '@language') return { file: here.source.file, text: language, kind: 'text', at: here.source.at };
    if (data || depth > 0 || parts[0] !== 'words' || /^(this|\.)/.test(original)) return undefined;
    const word = words.get(parts.slice(1).join('.'));
    if (word) return word;
    const known = [...words.keys()].join(', ') || 'none';
    throw new TemplateFault(
      placeOf(here.source, name),
      `Expected a word of ${wordsFile} (${known}), got ${original}: add it there.`,
    );
  }

  private print(value: hbs.AST.Expression, statement: hbs.AST.Statement, here: Here): TemplateNode {
    const { expression, path } = this.value(value, here);
    return { kind: 'print', value: expression, path, place: placeOf(here.source, statement) };
  }

  private block(statement: hbs.AST.BlockStatement, here: Here): Block {
    const { path: name, params, hash, program, inverse } = statement;
    const [param] = params;
    if (!BLOCKS.includes(name.original) || param === undefined || params.length > 1 || hash) {
      throw fault(statement, here, '#if, #unless, #each or #with, and one value', 'there are no others');
    }
    const helper = name.original as Block['helper'];
    const { expression, path } = this.value(param, here);
    const blockParams = program.blockParams ?? [];
    const scope = within(here.scope, { helper, path, blockParams });
    return {
      kind: 'block',
      helper,
      value: expression,
      path,
      place: placeOf(here.source, statement),
      blockParams,
      body: this.program(program, { ...here, scope }),
      ...(inverse && { inverse: this.program(inverse, here) }),
    };
  }

  private partial(statement: hbs.AST.PartialStatement, here: Here): readonly TemplateNode[] {
    const { name, params, hash, indent } = statement;
    if (name.type === 'SubExpression') throw fault(statement, here, 'the name of a partial', 'write {{> name}}');
    const partial = this.ingredients.partial((name as hbs.AST.PathExpression).original, here.source.kind);
    if (!partial) {
      const file = here.source.kind === 'text' ? 'partials/name.text.hbs' : 'partials/name.hbs';
      throw fault(statement, here, `the name of a partial, ${file}`, 'add that file');
    }
    const self = { expression: thisExpression(), path: here.scope.path };
    const { expression, path } = params[0] ? this.value(params[0], here) : self;
    return [...content(indent, here), ...this.insert(partial, expression, path, hash, here, params.length > 0)];
  }

  /** Puts a file in: as it is where it was given nothing, otherwise with that as its `this`. */
  private insert(
    source: TemplateSource,
    context: hbs.AST.Expression,
    path: string,
    hash: hbs.AST.Hash | undefined,
    here: Here,
    hasContext = false,
  ): readonly TemplateNode[] {
    if (!hash && !hasContext) return this.of(source, here);
    const values = new Map<string, hbs.AST.Expression>();
    const paths = new Map<string, string>();
    for (const pair of hash?.pairs ?? []) {
      if (here.scope.blockParams.has(pair.key)) {
        throw fault(pair, here, 'another name, as this one is a block parameter here', 'rename one of them');
      }
      const value = this.value(pair.value, here, '$known');
      values.set(pair.key, value.expression);
      paths.set(pair.key, value.path);
    }
    const place = placeOf(here.source, hash ?? context);
    const scope = given(here.scope, path, paths);
    const object = hasContext ? guarded('$object', context, path, place) : context;
    const value = scopeOf(object, values);
    const body = this.of(source, { ...here, scope });
    return [{ kind: 'block', helper: 'with', value, path, place, blockParams: [], body }];
  }

  /** A value and its path; where it is handed on, looked at first. */
  private value(expression: hbs.AST.Expression, here: Here, guard?: '$known'): Value {
    if (expression.type === 'SubExpression') return this.lookup(expression as hbs.AST.SubExpression, here, guard);
    if (expression.type !== 'PathExpression') return { expression, path: written(here.source, expression) };
    const name = expression as hbs.AST.PathExpression;
    const text = this.textOf(name, here);
    if (text) return { expression: literal(this.plain(text, expression, here)), path: name.original };
    const found = pathIn(name, here.scope);
    if ('fault' in found) throw new TemplateFault(placeOf(here.source, expression), found.fault);
    const { path } = found;
    return {
      expression: guard ? guarded(guard, expression, path, placeOf(here.source, expression)) : expression,
      path,
    };
  }

  private lookup(call: hbs.AST.SubExpression, here: Here, guard?: '$known'): Value {
    if (call.path.original !== 'lookup' || call.params.length !== 2 || call.hash) {
      throw fault(call, here, 'lookup, a value and a key', 'there are no others');
    }
    const [of, key] = call.params.map((param) => this.value(param, here, '$known')) as [Value, Value];
    const expression = { ...call, params: [of.expression, key.expression] };
    const path = `${of.path}.(${key.path})`;
    return { expression: guard ? guarded(guard, expression, path, placeOf(here.source, call)) : expression, path };
  }

  /** The text of a word that is handed on. */
  private plain(text: TemplateSource, expression: hbs.AST.Expression, here: Here): string {
    const nodes = this.of(text, { ...here, into: 'text' });
    return nodes
      .map((node) => {
        if (node.kind === 'content') return node.text;
        throw fault(expression, here, 'a word without variables where it is handed on', 'print it there instead');
      })
      .join('');
  }
}

function content(text: string, { source, into }: Here): readonly TemplateNode[] {
  if (text === '') return [];
  return [{ kind: 'content', text: source.kind === 'text' && into === 'html' ? escapeHtml(text) : text }];
}

function fault(node: hbs.AST.Node, { source }: Here, expected: string, advice: string): TemplateFault {
  return new TemplateFault(placeOf(source, node), `Expected ${expected}, got ${written(source, node)}: ${advice}.`);
}
