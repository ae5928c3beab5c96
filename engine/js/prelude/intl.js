(function(){return {}})
