using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Tutti.Node.Runtimes;

/// <summary>A program and where its output goes.</summary>
internal sealed record Spawn
{
    /// <summary>Path of the program, then its arguments.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Whole environment.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>Folder it starts in.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>File that standard output (and error, unless it goes elsewhere) is appended to.</summary>
    public required string OutputFile { get; init; }

    /// <summary>Open descriptor for standard error; null: the output file.</summary>
    public int? ErrorDescriptor { get; init; }
}

/// <summary>Starts a process as the leader of its own session, with default signals, no inherited descriptors and nothing on standard input.</summary>
/// <remarks>By glibc's posix_spawn (2.34 or newer), which shares memory with the child instead of copying page tables: its cost does not grow with the agent.</remarks>
internal static class Spawner
{
    private const uint LogMode = 0b110_100_000;

    /// <summary>Starts it and returns its pid, which is its session's and process group's id too. The caller reaps it.</summary>
    /// <exception cref="LaunchException">The kernel refused.</exception>
    public static unsafe int Start(Spawn spawn)
    {
        RefuseNul(spawn);
        var actions = stackalloc byte[Libc.OpaqueBytes];
        var attributes = stackalloc byte[Libc.OpaqueBytes];
        using var memory = new NativeStrings();
        Check(Libc.FileActionsInit(actions));
        Check(Libc.SpawnAttributesInit(attributes));
        try
        {
            Check(Libc.FileActionsOpen(actions, 0, "/dev/null", Libc.OpenRead, 0));
            if (spawn.ErrorDescriptor is { } error)
            {
                Check(Libc.FileActionsDuplicate(actions, error, 2));
            }

            Check(Libc.FileActionsOpen(actions, 1, spawn.OutputFile, Libc.OpenWrite | Libc.OpenAppend | Libc.OpenCreate, LogMode));
            if (spawn.ErrorDescriptor is null)
            {
                Check(Libc.FileActionsDuplicate(actions, 1, 2));
            }

            Check(Libc.FileActionsChangeFolder(actions, spawn.WorkingFolder));
            Check(Libc.FileActionsCloseFrom(actions, 3));

            var signals = stackalloc byte[Libc.OpaqueBytes];
            Check(Libc.SignalSetFill(signals));
            Check(Libc.SpawnAttributesSignalDefaults(attributes, signals));
            Check(Libc.SignalSetEmpty(signals));
            Check(Libc.SpawnAttributesSignalMask(attributes, signals));
            Check(Libc.SpawnAttributesFlags(attributes, Libc.SpawnSetSession | Libc.SpawnSetSignalDefaults | Libc.SpawnSetSignalMask));

            var arguments = memory.Array(spawn.Command, spawn.Command.Length);
            var environment = memory.Array(spawn.Environment.Select(e => $"{e.Key}={e.Value}"), spawn.Environment.Count);
            var answer = Libc.PosixSpawn(out var pid, arguments[0], actions, attributes, arguments, environment);
            return answer == 0 ? pid : throw new LaunchException(Explain(answer, spawn));
        }
        finally
        {
            _ = Libc.FileActionsDestroy(actions);
            _ = Libc.SpawnAttributesDestroy(attributes);
        }
    }

    private static void Check(int answer)
    {
        if (answer != 0)
        {
            throw new LaunchException($"starting a process is not possible: {Marshal.GetPInvokeErrorMessage(answer)}");
        }
    }

    private static string Explain(int error, Spawn spawn) => error switch
    {
        Libc.ArgumentsTooLong => $"'{spawn.Command[0]}' cannot start: its arguments and environment are longer than the kernel allows",
        Libc.NotAProgram => $"'{spawn.Command[0]}' is not a program for this machine",
        Libc.PermissionDenied => $"'{spawn.Command[0]}' cannot start in {spawn.WorkingFolder}: permission denied",
        Libc.NoSuchEntry => $"'{spawn.Command[0]}' cannot start in {spawn.WorkingFolder}: it, its interpreter or its loader does not exist",
        _ => $"'{spawn.Command[0]}' cannot start in {spawn.WorkingFolder}: {Marshal.GetPInvokeErrorMessage(error)}",
    };

    private static void RefuseNul(Spawn spawn)
    {
        if (spawn.Command.FirstOrDefault(a => a.Contains('\0')) is not null)
        {
            throw new LaunchException($"an argument of '{spawn.Command[0]}' contains a NUL character");
        }

        foreach (var (name, value) in spawn.Environment)
        {
            if (name.Contains('\0') || name.Contains('=') || value.Contains('\0'))
            {
                throw new LaunchException($"the environment variable '{name.Replace("\0", "\\0")}' cannot be passed on: no '=' in its name and no NUL character anywhere");
            }
        }
    }

    private sealed unsafe class NativeStrings : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public byte** Array(IEnumerable<string> texts, int count)
        {
            var array = (byte**)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(byte*));
            _blocks.Add((nint)array);
            var i = 0;
            foreach (var text in texts)
            {
                var bytes = NativeMemory.Alloc((nuint)(System.Text.Encoding.UTF8.GetByteCount(text) + 1));
                _blocks.Add((nint)bytes);
                var span = new Span<byte>(bytes, System.Text.Encoding.UTF8.GetByteCount(text) + 1);
                span[System.Text.Encoding.UTF8.GetBytes(text, span)] = 0;
                array[i++] = (byte*)bytes;
            }

            return array;
        }

        public void Dispose()
        {
            foreach (var block in _blocks)
            {
                NativeMemory.Free((void*)block);
            }
        }
    }
}
