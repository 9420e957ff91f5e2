// What this package shows to apps, read from the declarations that the compiler makes of it: for the listing that a test compares, and for the reference.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const kinds = new Map([
  [ts.SyntaxKind.FunctionDeclaration, 'function'],
  [ts.SyntaxKind.ClassDeclaration, 'class'],
  [ts.SyntaxKind.VariableDeclaration, 'constant'],
  [ts.SyntaxKind.InterfaceDeclaration, 'type'],
  [ts.SyntaxKind.TypeAliasDeclaration, 'type'],
  [ts.SyntaxKind.SourceFile, 'module'],
]);

/** The entries of package.json, each with what it exports, by name. */
export function readPublicApi() {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entries = Object.entries(exports).map(([path, { types }]) => ({ name: join(name, path), types: join(root, types) }));
  const declared = declarations(entries.map(({ types }) => types.replace('/dist/', '/src/').replace(/\.d\.ts$/, '.ts')));
  const program = programOf(
    entries.map(({ types }) => types),
    declared,
  );
  const checker = program.getTypeChecker();
  return entries.map(({ name: entry, types }) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(types));
    const exported = checker.getExportsOfModule(module).map((symbol) => describe(checker, symbol));
    return { entry, exported: exported.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  });
}

/** `dist`, as the compiler would write it, by file name. */
function declarations(sources) {
  const made = new Map();
  const options = {
    ...compilerOptions(),
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, 'src'),
    outDir: join(root, 'dist'),
  };
  const program = ts.createProgram(sources, options);
  const { diagnostics } = program.emit(undefined, (file, text) => made.set(file, text));
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  return made;
}

function programOf(files, declared) {
  const host = ts.createCompilerHost(compilerOptions());
  const { readFile, fileExists, getSourceFile, directoryExists } = host;
  const folders = new Set([...declared.keys()].map((file) => dirname(file)));
  host.readFile = (file) => declared.get(file) ?? readFile(file);
  host.fileExists = (file) => declared.has(file) || fileExists(file);
  host.directoryExists = (folder) => folders.has(folder) || directoryExists(folder);
  host.getSourceFile = (file, options, ...rest) => {
    const text = declared.get(file);
    return text === undefined ? getSourceFile(file, options, ...rest) : ts.createSourceFile(file, text, options, true);
  };
  return ts.createProgram(files, compilerOptions(), host);
}

function compilerOptions() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

const printer = ts.createPrinter({ removeComments: true });

function describe(checker, symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const nodes = target.declarations ?? [];
  const [first] = nodes;
  const kind = kinds.get(first?.kind);
  if (kind === undefined) throw new Error(`${symbol.name} is a ${ts.SyntaxKind[first?.kind]}, which scripts/public-api.mjs does not know.`);
  const print = (node) => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  return {
    name: symbol.name,
    kind,
    doc: ts.displayPartsToString(target.getDocumentationComment(checker)),
    /** Without comments, one line for each member. */
    signature: nodes.map((node) => tidy(kind, print(node), symbol.name)).join('\n'),
    /** As it stands in the declarations, comments of members included. */
    text: nodes.map((node) => tidy(kind, node.getText(), symbol.name)).join('\n'),
    source: relative(join(root, 'dist'), first.getSourceFile().fileName),
  };
}

function tidy(kind, text, name) {
  if (kind === 'module') return `namespace ${name} {\n${text.trim().replace(/^/gm, '    ')}\n}`; // a module that is exported as a whole
  const bare = text.replace(/^(export )?(declare )?/, '').replace(/^\s*#private;\n/m, '');
  return kind === 'constant' ? `const ${bare}` : bare;
}

/** One text for all entries: what a change of the public surface changes in. */
export function listing(entries) {
  return entries.map(({ entry, exported }) => `## ${entry}\n\n${exported.map(({ signature }) => signature).join('\n')}\n`).join('\n');
}
