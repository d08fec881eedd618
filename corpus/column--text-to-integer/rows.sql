select 'users', age + 1 from users;
