-- 優惠券: rights to a discount (spec promotions, "Coupons"; Coupons/). A series says what all of its coupons have in common. Kind: 0 random codes,
-- 1 one shared code; shared_key is that code as codes are compared. Channels and stores are apart by commas, null any. Holding: 0 holder only,
-- 1 transferable. On_return: 0 give back, 1 keep. Bearer: 0 issuer, 1 redeemer, 2 head office; issuer null is head office, too. What follows
-- the conditions are counts of what the other tables hold: issued codes, coupons given to members, uses (held and redeemed), of these
-- redeemed, and what all discounts that stand cost. No count may pass its limit, whoever writes.
create table coupon_series (
  id text primary key,
  name_zh text not null,
  name_en text not null,
  issuer text,
  kind integer not null,
  shared_code text,
  shared_key text,
  channels text,
  stores text,
  holding integer not null,
  from_ticks integer,
  until_ticks integer,
  total_uses integer,
  member_uses integer,
  on_return integer not null,
  bearer integer not null,
  department text not null,
  made_by text not null,
  made_at_ticks integer not null,
  stopped_at_ticks integer,
  issued integer not null,
  given integer not null,
  uses integer not null,
  redeemed integer not null,
  cost integer not null,
  check (issued >= 0 and given >= 0 and given <= issued and redeemed >= 0 and redeemed <= uses and cost >= 0),
  check (total_uses is null or uses <= total_uses)
);
create unique index coupon_series_shared on coupon_series (shared_key) where shared_key is not null;
create index coupon_series_made on coupon_series (made_at_ticks, id);

-- Codes that were asked for together, issued in parts and taken away once as a file.
create table coupon_batch (
  series text not null,
  number integer not null,
  asked integer not null,
  issued integer not null,
  asked_by text not null,
  asked_at_ticks integer not null,
  taken_by text,
  taken_at_ticks integer,
  primary key (series, number),
  check (issued >= 0 and issued <= asked)
);

-- Every random code. Batch and place say in which file it stands; both null where it was made for a wallet. Hold is whoever has it for the
-- moment, or paid with it (coupon_use); null: it is free.
create table coupon (
  code text primary key,
  series text not null,
  batch integer,
  place integer,
  holder text,
  given_at_ticks integer,
  given_by text,
  hold text
);
create index coupon_of_batch on coupon (series, batch, place) where batch is not null;
create index coupon_holder on coupon (holder, given_at_ticks, code) where holder is not null;

-- A coupon that a cart holds or that a sale was paid with; one of a series at most for each. What was let go has no row. Code null: the shared
-- one. State: 0 held until until_ticks, 1 redeemed, 2 redeemed, and given back since. Redeemer and bearer are parties: hq, online or store:ID.
-- Amount is the discount, cost what it costs after returns.
create table coupon_use (
  hold text not null,
  series text not null,
  code text,
  member text,
  redeemer text not null,
  bearer text not null,
  state integer not null,
  until_ticks integer not null,
  sale text,
  amount integer not null,
  cost integer not null,
  redeemed_at_ticks integer,
  primary key (hold, series),
  check (cost >= 0 and cost <= amount)
);
create unique index coupon_use_code on coupon_use (code) where code is not null and state < 2;
create index coupon_use_held on coupon_use (until_ticks) where state = 0;
create index coupon_use_sale on coupon_use (sale) where sale is not null;
create index coupon_use_member on coupon_use (member, redeemed_at_ticks) where member is not null and state > 0;

-- How many uses of a series are a member's; only where the series has a limit for each.
create table coupon_member (
  series text not null,
  member text not null,
  uses integer not null,
  primary key (series, member),
  check (uses >= 0)
);

-- Internal clearing: what one party owes another for a discount it gave, or gets back of it after a return. Only ever added to.
create table coupon_clearing (
  number integer primary key,
  series text not null,
  hold text not null,
  sale text not null,
  from_party text not null,
  to_party text not null,
  amount integer not null,
  department text not null,
  at_ticks integer not null
);
create index coupon_clearing_at on coupon_clearing (at_ticks);
create trigger coupon_clearing_kept_update before update on coupon_clearing begin select raise(abort, 'coupon_clearing is only ever added to'); end;
create trigger coupon_clearing_kept_delete before delete on coupon_clearing begin select raise(abort, 'coupon_clearing is only ever added to'); end;
