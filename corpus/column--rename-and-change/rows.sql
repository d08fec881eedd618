select 'users', name, years from users;
