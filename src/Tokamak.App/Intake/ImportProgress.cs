using Spectre.Console;

namespace Tokamak.App.Intake;

/// <summary>A bar for each source on a terminal's standard error; silent where that is no terminal.</summary>
internal sealed class ImportProgress : IImportProgress
{
    private readonly ProgressContext _context;
    private ProgressTask? _task;

    private ImportProgress(ProgressContext context) => _context = context;

    public static T Show<T>(Func<IImportProgress?, T> work) => Console.IsErrorRedirected ? work(null) : Bars().Start(context => work(new ImportProgress(context)));

    public static Task<T> ShowAsync<T>(Func<IImportProgress?, Task<T>> work) =>
        Console.IsErrorRedirected ? work(null) : Bars().StartAsync(context => work(new ImportProgress(context)));

    private static Progress Bars() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
        .Progress().AutoClear(true).HideCompleted(false).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

    public void Begin(string what, long size)
    {
        if (_task is { } before) before.Value = before.MaxValue;
        _task = _context.AddTask(Markup.Escape(what), maxValue: Math.Max(size, 1));
        _task.IsIndeterminate = size == 0;
    }

    public void Advance(long by) => _task?.Increment(by);
}
