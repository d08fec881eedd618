select 'articles', author, slug from articles;
