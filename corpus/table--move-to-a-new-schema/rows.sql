select 'users', name from app.users;
