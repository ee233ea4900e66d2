// The same libraries over the same FHIR files with @cqframework/cql (translator) and cql-execution (engine).
// node peer.mjs DATA LIBRARIES MAIN MODELINFO HELPERS OUT.csv [DAY]
//   DAY  the Measurement Period is the year that ends with it, and it is noon of that day
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { CqlTranslator, LibraryManager, ModelManager, createLibrarySourceProvider, createModelInfoProvider, createUcumService, stringAsSource } from '@cqframework/cql/cql-to-elm';
import cqlExecution from 'cql-execution';
import cqlExecFhir from 'cql-exec-fhir';
import ucum from '@lhncbc/ucum-lhc';

const [data, libraries, main, modelInfo, helpers, out, day] = process.argv.slice(2);
const elapsed = (start) => Number(process.hrtime.bigint() - start) / 1e9;
/** Processor seconds of this process, the system's work for it included. */
const cpu = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;

/** The types of the System model, which the translator asks for like any other model. */
function systemModel() {
  const simple = ['Boolean', 'Integer', 'Long', 'Decimal', 'String', 'DateTime', 'Date', 'Time'];
  const classes = {
    Quantity: { value: 'Decimal', unit: 'String' }, Ratio: { numerator: 'Quantity', denominator: 'Quantity' },
    Code: { code: 'String', system: 'String', version: 'String', display: 'String' },
    Vocabulary: { id: 'String', version: 'String', name: 'String' },
  };
  const element = ([name, type]) => `<element name="${name}" elementType="System.${type}"/>`;
  const type = (kind, name, base, inside = '') => `<typeInfo xsi:type="${kind}" name="${name}" baseType="System.${base}"${kind === 'ClassInfo' ? ' namespace="System"' : ''}>${inside}</typeInfo>`;
  return '<modelInfo xmlns="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="System" version="1.0.0" url="urn:hl7-org:elm-types:r1" targetQualifier="system">'
    + '<typeInfo xsi:type="SimpleTypeInfo" name="Any"/>'
    + simple.map((name) => type('SimpleTypeInfo', name, 'Any')).join('')
    + Object.entries(classes).map(([name, elements]) => type('ClassInfo', name, 'Any', Object.entries(elements).map(element).join(''))).join('')
    + type('ClassInfo', 'Concept', 'Any', '<element name="codes"><elementTypeSpecifier xsi:type="ListTypeSpecifier" elementType="System.Code"/></element>' + element(['display', 'String']))
    + type('ClassInfo', 'CodeSystem', 'Vocabulary') + type('ClassInfo', 'ValueSet', 'Vocabulary') + '</modelInfo>';
}

/**
 * The translator makes a list of what a retrieve is asked for even where it is a list of codes already; the
 * engine then takes that list for one code and fails. Such a wrapping is undone.
 */
function unwrapLists(node) {
  if (node === null || typeof node !== 'object') return;
  if (node.type === 'Retrieve' && node.codes?.type === 'ToList' && ['ExpressionRef', 'List'].includes(node.codes.operand.type)) node.codes = node.codes.operand;
  Object.values(node).forEach(unwrapLists);
}

function translate() {
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(
    createModelInfoProvider((name, system, version) => stringAsSource(name === 'System' ? systemModel() : fs.readFileSync(modelInfo, 'utf8'))));
  const valid = (unit) => ucum.UcumLhcUtils.getInstance().validateUnitString(unit).status === 'valid';
  const none = () => { throw new Error('the translator converts no units'); };
  const units = createUcumService(none, (unit) => (valid(unit) ? null : 'no UCUM unit'), none, none);
  const manager = new LibraryManager(models, undefined, undefined, units);
  const text = (name) => fs.readFileSync(name === 'FHIRHelpers' ? helpers : path.join(libraries, name + '.cql'), 'utf8');
  manager.librarySourceLoader.registerProvider(createLibrarySourceProvider((name) => stringAsSource(text(name))));
  const elm = {};
  const add = (name) => {
    if (elm[name]) return;
    const translator = CqlTranslator.fromText(text(name), manager);
    const errors = translator.errors.asJsReadonlyArrayView();
    if (errors.length > 0) throw new Error(name + ': ' + errors.map((e) => e.message).join('; '));
    elm[name] = JSON.parse(translator.toJson());
    unwrapLists(elm[name]);
    for (const include of elm[name].library.includes?.def ?? []) add(include.path);
  };
  add(main);
  return elm;
}

/** The resource types that the libraries ask for: no other file is read. */
function typesAskedFor(elm) {
  const types = new Set(['Patient']);
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'Retrieve') types.add(node.dataType.split('}').pop());
    Object.values(node).forEach(visit);
  };
  visit(elm);
  return types;
}

function readBundles(types) {
  const patients = new Map();
  for (const type of types) {
    const lines = zlib.gunzipSync(fs.readFileSync(path.join(data, type + '.ndjson.gz'))).toString('utf8').split('\n');
    for (const line of lines) {
      if (!line) continue;
      const resource = JSON.parse(line);
      const id = type === 'Patient' ? resource.id : (resource.subject ?? resource.patient).reference.split('/').pop();
      if (!patients.has(id)) patients.set(id, { resourceType: 'Bundle', type: 'collection', entry: [] });
      patients.get(id).entry.push({ resource });
    }
  }
  return patients;
}

const elm = translate();
const { [main]: mainElm, ...others } = elm;
const repository = new cqlExecution.Repository(others);
const library = new cqlExecution.Library(mainElm, repository);
let start = process.hrtime.bigint();
let used = cpu();
const types = typesAskedFor(elm);
const bundles = [...readBundles(types)].filter(([, b]) => b.entry.some((e) => e.resource.resourceType === 'Patient')).sort(([a], [b]) => (a < b ? -1 : 1));
const reading = { seconds: elapsed(start), cpu: cpu() - used };
const { DateTime, Interval } = cqlExecution;
const [year, month, dayOfMonth] = (day ?? '2018-03-31').split('-').map(Number);
const period = () => {
  const next = new Date(Date.UTC(year - 1, month - 1, dayOfMonth + 1));
  return new Interval(new DateTime(next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), 0, 0, 0, 0, 0), new DateTime(year, month, dayOfMonth, 23, 59, 59, 999, 0));
};
const executor = new cqlExecution.Executor(library, undefined, day ? { 'Measurement Period': period() } : {});
const evaluate = async (some) => {
  const source = cqlExecFhir.PatientSource.FHIRv401();
  source.loadBundles(some.map(([, bundle]) => bundle));
  return executor.exec(source, new DateTime(year, month, dayOfMonth, 12, 0, 0, 0, 0));
};
await evaluate(bundles.slice(0, 20));   // warm
start = process.hrtime.bigint();
used = cpu();
const results = await evaluate(bundles);
const evaluating = { seconds: elapsed(start), cpu: cpu() - used };
const names = Object.keys(Object.values(results.patientResults)[0] ?? {}).filter((n) => n !== 'Patient').sort();
const cell = (v) => (v === null || v === undefined ? '' : Array.isArray(v) ? `[${v.length}]` : String(v));
fs.writeFileSync(out, ['patient,' + names.join(',')].concat(Object.entries(results.patientResults).sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([id, r]) => [id, ...names.map((n) => cell(r[n]))].join(','))).join('\n') + '\n');
console.log(JSON.stringify({ patients: bundles.length, types: [...types], reading, evaluating, patients_per_cpu_second: bundles.length / evaluating.cpu }));
