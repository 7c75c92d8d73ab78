-- Takes the place of the books until they are here.
create table placeholder (number integer primary key);
