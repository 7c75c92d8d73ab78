-- The brands and the host names that lead to them. A brand's books are a file beside this one.
create table brand (
  name       text primary key,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  -- 1 once its books were made: from then on, books that are missing are lost, not new.
  made       integer not null default 0 check (made in (0, 1))
) strict, without rowid;

create table brand_host (
  host  text primary key,
  brand text not null references brand
) strict, without rowid;

create index brand_host_of_brand on brand_host (brand);
