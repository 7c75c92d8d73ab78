using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Serving;

/// <summary>A real <c>tokamak serve</c>: a process of its own on a port of its own, to be killed, paused and stopped by its id.</summary>
internal sealed class ServedNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServedNode(Process process) => _process = process;

    /// <summary>What it wrote, to be shown where a test fails.</summary>
    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <param name="db">As after <c>--db</c>.</param>
    /// <param name="address">Where it listens, and where other nodes reach it.</param>
    /// <param name="around">A program to run it under, with its arguments.</param>
    public static ServedNode Start(string db, Uri address, params string[] around)
    {
        string[] command = [.. around, Programs.Tokamak, "serve", "--urls", address.ToString(), "--node-url", address.ToString()];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["TOKAMAK_DB"] = db;
        start.Environment.Remove(PostgresPool.MayLoseCommits);
        var process = Process.Start(start)!;
        var node = new ServedNode(process);
        process.OutputDataReceived += (_, line) => node.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => node.Heard(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return node;
    }

    public static Uri FreeAddress() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));

    /// <summary>Waits until it listens.</summary>
    public async Task ListensAsync()
    {
        var first = await Task.WhenAny(_listens.Task, _process.WaitForExitAsync(), Task.Delay(Patience));
        Assert.True(first == _listens.Task, $"The server does not listen:{Environment.NewLine}{Said}");
    }

    /// <summary>Ends it as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets it stand still (SIGSTOP) until <see cref="ContinueAsync"/>.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Asks it to end (SIGTERM), as a supervisor does; it ends well, in good time.</summary>
    /// <param name="id">Its own id, where it runs under another program.</param>
    public async Task StopAsync(int? id = null)
    {
        await SignalAsync("TERM", id);
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        Assert.True(_process.ExitCode == 0, $"The server ended with {_process.ExitCode}:{Environment.NewLine}{Said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal, int? id = null)
    {
        var (code, _, errors) = await Programs.RunAsync("kill", "-" + signal, (id ?? _process.Id).ToString(CultureInfo.InvariantCulture));
        Assert.True(code == 0, errors);
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
        if (line.StartsWith("Listening on", StringComparison.Ordinal)) _listens.TrySetResult();
    }
}
