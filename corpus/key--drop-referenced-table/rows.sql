select 'posts', author from posts;
