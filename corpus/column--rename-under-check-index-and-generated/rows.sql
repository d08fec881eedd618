select 'items', cents, label from items;
