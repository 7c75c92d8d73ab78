using Tokamak.App.Cli;

return await Verbs.RunAsync(args);
