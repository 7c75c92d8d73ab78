-- Codes that were sent to prove a phone number or an e-mail address, one row a code; kept for a day. Nobody is named: key_hash is of
-- the number or address, source_hash of the network address that asked, code_hash of the id and the code, each keyed with a secret of
-- the brand that is not in this database. Tries counts the codes weighed against it; ended: 0 not yet, 1 replaced by a newer one, 2 used.
create table verification (
  id text primary key,
  key_hash text not null,
  source_hash text not null,
  code_hash text not null,
  sent_at_ticks integer not null,
  tries integer not null,
  ended integer not null
);
create index verification_of_key on verification (key_hash, sent_at_ticks);
create index verification_of_source on verification (source_hash, sent_at_ticks);
create index verification_sent on verification (sent_at_ticks);
