// Applies each mutation to a copy of the core, builds it, puts it under the built tests and runs the test it names.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const core = 'src/Tokamak.Core';
const wanted = process.argv.slice(2);
const mutations = JSON.parse(readFileSync(join(import.meta.dirname, 'mutations.json'), 'utf8'))
  .filter(mutation => wanted.length === 0 || wanted.includes(mutation.rule));
if (mutations.length === 0) throw new Error(`no mutation of ${wanted.join(', ')}`);

const output = project => join('tests', project, 'bin', 'Release', 'net10.0');
const method = mutation => mutation.failingTest.split('(')[0];
// A theory named without arguments is noticed by any of its rows.
const isNamed = (name, test) => name.endsWith(test) || (!test.includes('(') && name.split('(')[0].endsWith(`.${test}`));
const shown = text => JSON.stringify(text).slice(1, 70);

/** The test project and class that hold a test. */
function holderOf(name) {
  const files = execFileSync('git', ['grep', '-l', '--untracked', `public .* ${name}(`, '--', 'tests/*.cs'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  if (files.length !== 1) throw new Error(`${name} stands in ${files.length} files`);
  const text = readFileSync(join(root, files[0]), 'utf8');
  const space = /^namespace (?<name>[\w.]+);/m.exec(text).groups.name;
  const type = /^public sealed (partial )?class (?<name>\w+)/m.exec(text).groups.name;
  return { project: files[0].split('/')[1], method: `${space}.${type}.${name}` };
}

function failures(tree, { project, method: full }) {
  const run = spawnSync(join(tree, output(project), project), ['-method', full, '-noColor'], { encoding: 'utf8' });
  if (!/Total: [1-9]/.test(run.stdout)) throw new Error(`${full} did not run:\n${run.stdout}${run.stderr}`);
  return [...run.stdout.matchAll(/^ *(?<name>\S.*?) \[FAIL\]/gm)].map(match => match.groups.name);
}

const tree = mkdtempSync(join(tmpdir(), 'mutations-'));
process.on('exit', () => rmSync(tree, { recursive: true, force: true }));

const holders = new Map(mutations.map(mutation => [method(mutation), holderOf(method(mutation))]));
const projects = new Set([...holders.values()].map(holder => holder.project));
for (const project of projects) {
  execFileSync('dotnet', ['build', '-c', 'Release', '--nologo', '-v', 'quiet', join('tests', project)], { cwd: root, stdio: 'inherit' });
  cpSync(join(root, output(project)), join(tree, output(project)), { recursive: true });
}
for (const name of readdirSync(root).filter(name => /^(Directory\..*|global\.json|\.editorconfig|Tokamak\.slnx)$/.test(name))) cpSync(join(root, name), join(tree, name));
for (const folder of [core, 'tests/cases', 'tests/mutations'])
  cpSync(join(root, folder), join(tree, folder), { recursive: true, filter: path => !/\/(bin|obj)$/.test(path) });

const build = (...more) => spawnSync('dotnet', ['build', '-c', 'Release', '--nologo', '-v', 'quiet', '-p:RunAnalyzers=false', '-p:TreatWarningsAsErrors=false',
  '-p:GenerateDocumentationFile=false', ...more], { cwd: join(tree, core), encoding: 'utf8' });
const restored = build();
if (restored.status !== 0) throw new Error(restored.stdout);
for (const holder of new Set(holders.values()))
  if (failures(tree, holder).length > 0) throw new Error(`${holder.method} fails before anything is broken`);

let survivors = 0;
for (const mutation of mutations) {
  const file = join(tree, mutation.file);
  const before = readFileSync(file, 'utf8');
  if (before.split(mutation.find).length !== 2) throw new Error(`${mutation.file}: '${mutation.find}' stands there ${before.split(mutation.find).length - 1} times`);
  writeFileSync(file, before.replace(mutation.find, () => mutation.replace));
  const built = build('--no-restore');
  let verdict = 'does not build';
  if (built.status === 0) {
    for (const project of projects) cpSync(join(tree, core, 'bin/Release/net10.0/Tokamak.Core.dll'), join(tree, output(project), 'Tokamak.Core.dll'));
    const failed = failures(tree, holders.get(method(mutation)));
    verdict = failed.some(name => isNamed(name, mutation.failingTest)) ? 'noticed' : failed.length > 0 ? `noticed only by ${failed.length} others: ${failed[0]};` : 'SURVIVED';
  }
  writeFileSync(file, before);
  if (verdict !== 'noticed') survivors++;
  console.log(`${mutation.rule.padEnd(4)}${verdict.padEnd(9)} ${mutation.failingTest}  ${shown(mutation.find)} > ${shown(mutation.replace)}`);
}
console.log(`\n${mutations.length} mutations, ${mutations.length - survivors} noticed`);
process.exitCode = survivors === 0 ? 0 : 1;
