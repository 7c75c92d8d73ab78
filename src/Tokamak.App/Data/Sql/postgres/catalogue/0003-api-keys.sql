-- Keys by which other systems of a brand call the API. Only a keyed hash of the secret is kept.
create table api_key (
  id           text collate "C" primary key,
  brand        text collate "C" not null references brand,
  name         text not null,
  secret_hash  text collate "C" not null,
  scopes       text collate "C" not null,
  per_second   integer not null check (per_second > 0),
  created_at   timestamptz not null,
  revoked_at   timestamptz,
  last_used_at timestamptz
);

create index api_key_of_brand on api_key (brand, created_at);

-- What hashes are keyed with: one row, made by whoever needs it first.
create table hash_key (
  one   smallint primary key default 1 check (one = 1),
  value text not null
);
