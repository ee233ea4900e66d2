DELETE FROM published_month WHERE month < ?
