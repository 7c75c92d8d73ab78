// The plain query beside a simulation: whose was each sale by the last service before it, and how much, in DuckDB over the same rows.
//   node last-touch.mjs facts.jsonl [threads] [runs]
import { DuckDBInstance } from '@duckdb/node-api';

const [facts, threads = '2', runs = '5'] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const db = await instance.connect();
const timed = async sql => {
  const began = performance.now();
  const rows = (await db.runAndReadAll(sql)).getRows();
  return { seconds: (performance.now() - began) / 1000, rows };
};

const columns = `columns = {type: 'VARCHAR', id: 'VARCHAR', "at": 'TIMESTAMPTZ', member: 'VARCHAR', kind: 'VARCHAR', store: 'VARCHAR', staff: 'VARCHAR', channel: 'VARCHAR',
  lines: 'STRUCT(line BIGINT, quantity BIGINT, net BIGINT)[]'}`;
const read = await timed(`CREATE TABLE facts AS SELECT * FROM read_json('${facts}', format = 'newline_delimited', ${columns})`);
const services = await timed(`CREATE TABLE service AS SELECT member, "at", staff, store FROM facts WHERE type = 'service' ORDER BY member, "at"`);
const sales = await timed(`CREATE TABLE sale AS SELECT id, member, "at", channel, store, list_sum(list_transform(lines, l -> l.net)) AS net FROM facts WHERE type = 'sale' ORDER BY member, "at"`);
console.log(`duckdb cold: ${(read.seconds + services.seconds + sales.seconds).toFixed(2)} s, ${threads} threads`);

for (let run = 1; run <= Number(runs); run++) {
  const last = await timed(`
    SELECT service.staff, sum(sale.net) AS net, count(*) AS sales
    FROM sale ASOF LEFT JOIN service ON sale.member = service.member AND sale."at" >= service."at"
    GROUP BY service.staff`);
  const all = last.rows.reduce((sum, row) => sum + Number(row[2]), 0);
  console.log(`duckdb last touch: ${last.seconds.toFixed(3)} s, ${last.rows.length} clerks, ${all} sales`);
}
