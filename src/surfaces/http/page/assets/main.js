document.getElementById('app').textContent = 'Runsight';
