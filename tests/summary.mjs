// Sums up what the test projects wrote (trx) and decides whether the run was good. The last line is the sum.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: asked, positionals: projects } = parseArgs({
  allowPositionals: true,
  options: {
    results: { type: 'string' },
    data: { type: 'string' },
    status: { type: 'string', default: '0' },
    skips: { type: 'string', default: join(import.meta.dirname, 'expected-skips.txt') },
    filtered: { type: 'boolean', default: false },
  },
});

const decoded = text => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]);
const attribute = (tag, name) => decoded(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
// A row of a theory counts as its method: class.method(arguments) is listed as class.method.
const method = name => name.replace(/\(.*$/s, '');

function read(project) {
  const file = join(asked.results, `${basename(project, '.csproj')}.trx`);
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(/<UnitTestResult\b[^>]*>/g)]
    .map(([tag]) => ({ name: attribute(tag, 'testName'), outcome: attribute(tag, 'outcome') }));
}

const problems = [];
const all = [];
for (const project of projects) {
  const results = read(project);
  if (results.length === 0 && !asked.filtered) problems.push(`${basename(project, '.csproj')} ran no test.`);
  all.push(...results);
}
if (all.length === 0) problems.push('No test was run.');

const passed = all.filter(test => test.outcome === 'Passed');
const skipped = all.filter(test => test.outcome === 'NotExecuted');
const failed = all.filter(test => !passed.includes(test) && !skipped.includes(test));
failed.forEach(test => problems.push(`Failed: ${test.name}`));

// A name with a reason behind it, such as '# ptrace is not permitted', needs no data: what it needs, a machine has or has not.
const expected = new Map(readFileSync(asked.skips, 'utf8').split('\n').map(line => line.split('#').map(part => part.trim())).filter(([name]) => name));
const dataIsHere = existsSync(asked.data);
for (const { name } of skipped) {
  const reason = expected.get(method(name));
  if (!expected.has(method(name))) problems.push(`Skipped, and not in ${basename(asked.skips)}: ${name}`);
  else if (reason) console.log(`Skipped, since ${reason}: ${name}`);
  else if (dataIsHere) problems.push(`Skipped although its data are here: ${name}`);
}
if (asked.status !== '0' && failed.length === 0) problems.push('A test project ended with an error: see above.');

console.log(['', ...problems, `${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`].join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;
