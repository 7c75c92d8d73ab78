-- The brands and the host names that lead to them. A brand's books are the schema brand_NAME.
create table brand (
  name       text collate "C" primary key,
  created_at timestamptz not null default now(),
  -- True once its books were made: from then on, books that are missing are lost, not new.
  made       boolean not null default false
);

create table brand_host (
  host  text collate "C" primary key,
  brand text collate "C" not null references brand
);

create index brand_host_of_brand on brand_host (brand);
